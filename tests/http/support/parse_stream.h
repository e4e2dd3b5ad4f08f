#pragma once
/// Runs a whole byte stream through the parser as a server would, without a socket. The entry that
/// a fuzzer drives.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "marketplace/http/parser.h"

namespace pdx::test {

struct ParsedRequest {
    http::RequestHead head;
    std::string body;
    bool whole = false;
};

struct ParsedStream {
    std::vector<ParsedRequest> requests;
    std::optional<http::ProtocolFault> fault;
    /// One line per event, to compare two readings.
    std::string summary() const;
};

/// `piece` says how many of the `left` bytes come next (1..left).
ParsedStream parse_stream(std::string_view bytes,
                          const std::function<std::size_t(std::size_t left)>& piece,
                          const http::Limits& limits = {});
ParsedStream parse_stream(std::string_view bytes, const http::Limits& limits = {});

/// The shape of LLVMFuzzerTestOneInput: aborts when two cuts of the bytes read differently.
int fuzz_parser(const std::uint8_t* data, std::size_t size);

}  // namespace pdx::test
