#pragma once
/// Compressing what is sent: which coding a client takes, and gzip. Source: RFC 9110
/// section 12.5.3.
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "marketplace/http/message.h"

namespace pdx::http {

enum class Coding { kIdentity, kGzip };

/// gzip when the client lists it, or "*", and does not like identity better. A client that says
/// nothing gets the bytes as they are: it may well write them to a file without looking.
Coding choose_coding(const Request& request);

enum class Effort { kQuick, kThorough };

/// RFC 1952, one member, without a time or a name. The same input gives the same bytes.
Bytes gzip(ByteView bytes, Effort effort);

}  // namespace pdx::http
