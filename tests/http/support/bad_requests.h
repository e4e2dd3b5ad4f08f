#pragma once
/// Requests that must be refused, each once: the parser's tests and the raw-socket tests both go
/// through the whole table. Source: reference feasibility, "Poco's HTTP parser".
#include <string>
#include <vector>

#include "marketplace/http/fault.h"

namespace pdx::test {

struct BadRequest {
    std::string name;
    std::string bytes;
    http::ProtocolFault fault;
    int status;
};

/// Every one of them is complete: a server that is fooled would answer it with 200.
// NOLINTNEXTLINE(readability-function-size): one table
inline std::vector<BadRequest> bad_requests() {
    using F = http::ProtocolFault;
    const std::string get = "GET /hello HTTP/1.1\r\n";
    const std::string host = "Host: x\r\n";
    const std::string post = "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n";
    const std::string length = "Content-Length: 5\r\n";
    const std::string chunked = "Transfer-Encoding: chunked\r\n";
    const std::string chunks = "\r\n5\r\nhello\r\n0\r\n\r\n";
    std::string nul = get + host + "X-A: a";
    nul.push_back('\0');
    nul += "b\r\n\r\n";
    return {
        {"both framings", post + length + chunked + chunks, F::kBothFramings, 400},
        {"both framings, other order", post + chunked + length + chunks, F::kBothFramings, 400},
        {"two lengths that differ", post + length + "Content-Length: 6\r\n\r\nhello!",
         F::kContentLength, 400},
        {"two lengths that agree", post + length + length + "\r\nhello", F::kContentLength, 400},
        {"a list of lengths", post + "Content-Length: 5, 5\r\n\r\nhello", F::kContentLength, 400},
        {"a length with plus", post + "Content-Length: +5\r\n\r\nhello", F::kContentLength, 400},
        {"a negative length", post + "Content-Length: -1\r\n\r\nhello", F::kContentLength, 400},
        {"a length with a space", post + "Content-Length:  5 6\r\n\r\nhello", F::kContentLength,
         400},
        {"a hexadecimal length", post + "Content-Length: 0x5\r\n\r\nhello", F::kContentLength, 400},
        {"a length with leading zero", post + "Content-Length: 05\r\n\r\nhello", F::kContentLength,
         400},
        {"an empty length", post + "Content-Length:\r\n\r\nhello", F::kContentLength, 400},
        {"a length that overflows", post + "Content-Length: 18446744073709551621\r\n\r\nhello",
         F::kContentLength, 400},
        {"gzip, chunked", post + "Transfer-Encoding: gzip, chunked\r\n" + chunks,
         F::kTransferEncoding, 400},
        {"xchunked", post + "Transfer-Encoding: xchunked\r\n" + chunks, F::kTransferEncoding, 400},
        {"xchunked with a length", post + "Transfer-Encoding: xchunked\r\n" + length + "\r\nhello",
         F::kBothFramings, 400},
        {"gzip, chunked with a length",
         post + "Transfer-Encoding: gzip, chunked\r\n" + length + "\r\nhello", F::kBothFramings,
         400},
        {"identity", post + "Transfer-Encoding: identity\r\n\r\nhello", F::kTransferEncoding, 400},
        {"chunked, identity", post + "Transfer-Encoding: chunked, identity\r\n" + chunks,
         F::kTransferEncoding, 400},
        {"chunked twice", post + chunked + chunked + chunks, F::kTransferEncoding, 400},
        {"an empty transfer coding", post + "Transfer-Encoding:\r\n" + chunks, F::kTransferEncoding,
         400},
        {"an encoded-word transfer coding",
         post + "Transfer-Encoding: =?utf-8?Q?chunked?=\r\n" + chunks, F::kTransferEncoding, 400},
        {"an encoded-word length", post + "Content-Length: =?utf-8?Q?5?=\r\n\r\nhello",
         F::kContentLength, 400},
        {"chunked in HTTP/1.0",
         "POST /upload HTTP/1.0\r\nContent-Type: text/csv\r\n" + chunked + chunks,
         F::kTransferEncoding, 400},
        {"no host", get + "\r\n", F::kHostMissing, 400},
        {"an empty host", get + "Host:\r\n\r\n", F::kHostMissing, 400},
        {"two hosts", get + host + host + "\r\n", F::kHostRepeated, 400},
        {"two names in one host", get + "Host: a, b\r\n\r\n", F::kHostMissing, 400},
        {"a host with a path", get + "Host: a/b\r\n\r\n", F::kHostMissing, 400},
        {"NUL in a header", nul, F::kControlCharacter, 400},
        {"a bare CR in a header", get + host + "X-A: a\rb\r\n\r\n", F::kControlCharacter, 400},
        {"an escape character in a header", get + host + "X-A: \x1b[2J\r\n\r\n",
         F::kControlCharacter, 400},
        {"a bare LF after the request line", "GET /hello HTTP/1.1\nHost: x\r\n\r\n",
         F::kBareLineFeed, 400},
        {"a bare LF after a header", get + "Host: x\n\r\n", F::kBareLineFeed, 400},
        {"bare LFs alone", "GET /hello HTTP/1.1\nHost: x\n\n", F::kBareLineFeed, 400},
        {"a space before the colon", get + "Host : x\r\n\r\n", F::kHeaderName, 400},
        {"a space before the colon of a length", post + "Content-Length : 5\r\n\r\nhello",
         F::kHeaderName, 400},
        {"a header without a colon", get + host + "nonsense\r\n\r\n", F::kHeaderName, 400},
        {"a header without a name", get + host + ": x\r\n\r\n", F::kHeaderName, 400},
        {"a folded header", get + host + "X-A: a\r\n b\r\n\r\n", F::kFoldedHeader, 400},
        {"a folded first header", get + " Host: x\r\n\r\n", F::kFoldedHeader, 400},
        {"two Authorizations", get + host + "Authorization: a\r\nAuthorization: b\r\n\r\n",
         F::kHeaderRepeated, 400},
        {"two content types", post + "Content-Type: text/csv\r\n" + length + "\r\nhello",
         F::kHeaderRepeated, 400},
        {"HTTP/9.9", "GET /hello HTTP/9.9\r\nHost: x\r\n\r\n", F::kVersion, 400},
        {"HTTP/2.0", "GET /hello HTTP/2.0\r\nHost: x\r\n\r\n", F::kVersion, 400},
        {"HTTP/1.10", "GET /hello HTTP/1.10\r\nHost: x\r\n\r\n", F::kVersion, 400},
        {"http/1.1", "GET /hello http/1.1\r\nHost: x\r\n\r\n", F::kRequestLine, 400},
        {"no version", "GET /hello\r\n\r\n", F::kRequestLine, 400},
        {"two spaces", "GET  /hello HTTP/1.1\r\nHost: x\r\n\r\n", F::kTargetMalformed, 400},
        {"a leading space", " GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", F::kRequestLine, 400},
        {"a TLS greeting", "\x16\x03\x01\x02", F::kRequestLine, 400},
        {"a lower-case method", "get /hello HTTP/1.1\r\nHost: x\r\n\r\n", F::kMethodUnknown, 501},
        {"an unknown method", "BREW /hello HTTP/1.1\r\nHost: x\r\n\r\n", F::kMethodUnknown, 501},
        {"TRACE", "TRACE /hello HTTP/1.1\r\nHost: x\r\n\r\n", F::kMethodUnknown, 501},
        {"an authority as target", "GET x:80 HTTP/1.1\r\nHost: x\r\n\r\n", F::kTargetMalformed,
         400},
        {"an asterisk as target", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", F::kTargetMalformed,
         400},
        {"raw UTF-8 in a target", "GET /\xe6\x95\xb0 HTTP/1.1\r\nHost: x\r\n\r\n",
         F::kTargetMalformed, 400},
        {"a fragment", "GET /hello#a HTTP/1.1\r\nHost: x\r\n\r\n", F::kTargetMalformed, 400},
        {"half an escape", "GET /hello%2 HTTP/1.1\r\nHost: x\r\n\r\n", F::kTargetMalformed, 400},
        {"POST without framing", "POST /empty HTTP/1.1\r\nHost: x\r\n\r\n", F::kLengthRequired,
         411},
        {"an unknown expectation", post + length + "Expect: tea\r\n\r\nhello", F::kExpectation,
         417},
        {"a target that is too long", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + host,
         F::kTargetTooLong, 414},
        {"a head that is too large", get + host + "X-A: " + std::string(17'000, 'a') + "\r\n\r\n",
         F::kHeadTooLarge, 431},
    };
}

/// Bodies that must be refused; the head before them is good.
inline std::vector<BadRequest> bad_bodies() {
    using F = http::ProtocolFault;
    const std::string head =
        "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        "Transfer-Encoding: chunked\r\n\r\n";
    const std::string end = "0\r\n\r\n";
    return {
        {"a chunk size that is no number", head + "zz\r\nhello\r\n" + end, F::kChunk, 400},
        {"an empty chunk size", head + "\r\nhello\r\n" + end, F::kChunk, 400},
        {"a chunk size with plus", head + "+5\r\nhello\r\n" + end, F::kChunk, 400},
        {"a chunk size with minus", head + "-5\r\nhello\r\n" + end, F::kChunk, 400},
        {"a chunk size with 0x", head + "0x5\r\nhello\r\n" + end, F::kChunk, 400},
        {"a space before a chunk size", head + " 5\r\nhello\r\n" + end, F::kChunk, 400},
        {"a space after a chunk size", head + "5 \r\nhello\r\n" + end, F::kChunk, 400},
        {"a chunk size that overflows", head + "10000000000000005\r\nhello\r\n" + end, F::kChunk,
         400},
        {"a bare LF after a chunk size", head + "5\nhello\r\n" + end, F::kChunk, 400},
        {"a bare LF after a chunk", head + "5\r\nhello\n" + end, F::kChunk, 400},
        {"a bare LF in an extension", head + "5;a\nb\r\nhello\r\n" + end, F::kChunk, 400},
        {"a chunk longer than its size", head + "3\r\nhello\r\n" + end, F::kChunk, 400},
        {"an extension that is too long",
         head + "5;" + std::string(300, 'a') + "\r\nhello\r\n" + end, F::kChunk, 400},
        {"trailers that are too long",
         head + "5\r\nhello\r\n0\r\nX: " + std::string(2000, 'a') + "\r\n\r\n", F::kChunk, 400},
    };
}

}  // namespace pdx::test
