#pragma once
/// A part of a reply. Source: RFC 9110 section 14.
#include "marketplace/http/message.h"

namespace pdx::http {

/// Answers a GET with one byte range: 206 with the part, or 416 with the length when it lies beyond
/// the end. The whole reply stands for several ranges, another unit, a range that cannot be read,
/// and an If-Range that names another version, as the RFC has it.
/// Requires: the body is the whole content in its plain coding, the ETag is set already.
Response with_range(Response response, const Request& request);

}  // namespace pdx::http
