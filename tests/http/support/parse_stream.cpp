#include "tests/http/support/parse_stream.h"

#include <array>
#include <cstdlib>
#include <memory>

namespace pdx::test {

std::string ParsedStream::summary() const {
    std::string out;
    for (const ParsedRequest& request : requests) {
        out += request.head.method + " " + request.head.target + "\n";
        for (const auto& [name, value] : request.head.headers) out += name + "=" + value + "\n";
        out += request.body + (request.whole ? "|\n" : "...\n");
    }
    if (fault) out += "fault " + std::to_string(static_cast<int>(*fault));
    return out;
}

ParsedStream parse_stream(std::string_view bytes,
                          const std::function<std::size_t(std::size_t left)>& piece,
                          const http::Limits& limits) {
    ParsedStream stream;
    auto head = std::make_unique<http::HeadParser>(limits);
    std::unique_ptr<http::BodyDecoder> body;
    std::array<std::uint8_t, 97> out{};
    while (!bytes.empty() && !stream.fault) {
        std::string_view now = bytes.substr(0, piece(bytes.size()));
        bytes.remove_prefix(now.size());
        while (!now.empty() && !stream.fault) {
            if (!body) {
                std::size_t consumed = 0;
                const auto status = head->feed(now, consumed);
                now.remove_prefix(consumed);
                if (status == http::HeadParser::Status::kRefused) stream.fault = head->fault();
                if (status != http::HeadParser::Status::kDone) break;
                stream.requests.push_back({.head = head->take(), .body = {}, .whole = false});
                const http::RequestHead& taken = stream.requests.back().head;
                body = std::make_unique<http::BodyDecoder>(taken.framing, taken.content_length,
                                                           limits);
            }
            const auto step = body->decode(now, out);
            now.remove_prefix(step.consumed);
            ParsedRequest& request = stream.requests.back();
            request.body.append(out.begin(),
                                out.begin() + static_cast<std::ptrdiff_t>(step.produced));
            stream.fault = body->fault();
            if (body->done()) {
                request.whole = true;
                body.reset();
                head = std::make_unique<http::HeadParser>(limits);
            }
        }
    }
    return stream;
}

ParsedStream parse_stream(std::string_view bytes, const http::Limits& limits) {
    return parse_stream(
        bytes, [](std::size_t left) { return left; }, limits);
}

int fuzz_parser(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    const std::string whole = parse_stream(bytes).summary();
    const std::string single = parse_stream(bytes, [](std::size_t) { return 1; }).summary();
    if (whole != single) std::abort();
    return 0;
}

}  // namespace pdx::test
