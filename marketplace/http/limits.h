#pragma once
/// Every limit of the HTTP edge, each with its unit. Source: design section 6.
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pdx::http {

struct Limits {
    /// Unit: bytes of the request line and all header lines together.
    std::size_t head_bytes_max = std::size_t{16} << 10U;
    std::size_t target_bytes_max = std::size_t{8} << 10U;
    std::size_t header_count_max = 100;
    /// Unit: bytes of one chunk-size line with its extensions, and of all trailer lines together.
    std::size_t chunk_line_bytes_max = 256;
    std::size_t trailer_bytes_max = 1024;
    /// Unit: bytes of a JSON body.
    std::uint64_t body_bytes_max = std::uint64_t{1} << 20U;
    /// Unit: bytes of a streamed upload.
    std::uint64_t upload_bytes_max = std::uint64_t{4} << 30U;
    /// Unit: bytes of an unread body that are read and thrown away to keep a connection.
    std::uint64_t drain_bytes_max = std::uint64_t{64} << 10U;
};

struct Timeouts {
    /// From the first byte of a request to the end of its head, however slowly it drips.
    std::chrono::milliseconds head{10'000};
    /// Between two requests on one connection.
    std::chrono::milliseconds idle{15'000};
    /// A body may keep us waiting this long in all, and longer only at the rate below.
    std::chrono::milliseconds body{30'000};
    /// Unit: bytes per second. Holds for bodies received and replies sent.
    std::uint64_t bytes_per_second_min = std::uint64_t{16} << 10U;
    /// How long one send may make no progress at all.
    std::chrono::milliseconds send{15'000};
    /// After a refusal, how long the rest of the request is thrown away so that the answer is not
    /// lost to a connection reset.
    std::chrono::milliseconds linger{1'000};
    /// How long stop() waits for running requests.
    std::chrono::milliseconds stop{10'000};
};

}  // namespace pdx::http
