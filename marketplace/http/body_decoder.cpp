#include <algorithm>
#include <cstring>

#include "marketplace/http/parser.h"

namespace pdx::http {
namespace {

constexpr std::size_t kChunkSizeDigitsMax = 15;

std::optional<std::uint64_t> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<std::uint64_t>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<std::uint64_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<std::uint64_t>(c - 'A' + 10);
    return std::nullopt;
}

bool is_line_char(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7f);
}

}  // namespace

BodyDecoder::BodyDecoder(Framing framing, std::uint64_t content_length, const Limits& limits)
    : limits_(limits),
      state_(State::kDone) {
    if (framing == Framing::kLength && content_length > 0) {
        state_ = State::kLength;
        remaining_ = content_length;
    } else if (framing == Framing::kChunked) {
        state_ = State::kSize;
    }
}

BodyDecoder::Step BodyDecoder::decode(std::string_view in, std::span<std::uint8_t> out) {
    Step step;
    while (!fault_ && state_ != State::kDone && step.consumed < in.size()) {
        if (state_ != State::kLength && state_ != State::kData) {
            fault_ = framing_byte(in[step.consumed++]);
            continue;
        }
        const std::size_t room = std::min(in.size() - step.consumed, out.size() - step.produced);
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(room, remaining_));
        if (count == 0) break;
        std::memcpy(out.data() + step.produced, in.data() + step.consumed, count);
        step.consumed += count;
        step.produced += count;
        remaining_ -= count;
        if (remaining_ == 0) state_ = state_ == State::kLength ? State::kDone : State::kDataCr;
    }
    return step;
}

std::optional<ProtocolFault> BodyDecoder::framing_byte(char c) {
    switch (state_) {
        case State::kSize: return size_byte(c);
        case State::kExtension:
            if (c == '\r') {
                state_ = State::kSizeLf;
                return std::nullopt;
            }
            if (!is_line_char(c) || ++line_bytes_ > limits_.chunk_line_bytes_max) break;
            return std::nullopt;
        case State::kSizeLf:
            if (c != '\n') break;
            line_bytes_ = 0;
            size_digits_ = 0;
            state_ = remaining_ == 0 ? State::kTrailer : State::kData;
            return std::nullopt;
        case State::kDataCr:
            if (c != '\r') break;
            state_ = State::kDataLf;
            return std::nullopt;
        case State::kDataLf:
            if (c != '\n') break;
            state_ = State::kSize;
            return std::nullopt;
        case State::kTrailer:
        case State::kTrailerLf: return trailer_byte(c);
        case State::kLength:
        case State::kData:
        case State::kDone: break;
    }
    return ProtocolFault::kChunk;
}

std::optional<ProtocolFault> BodyDecoder::size_byte(char c) {
    if (const auto digit = hex_digit(c)) {
        if (++size_digits_ > kChunkSizeDigitsMax) return ProtocolFault::kChunk;
        remaining_ = remaining_ * 16 + *digit;
        return std::nullopt;
    }
    if (size_digits_ == 0) return ProtocolFault::kChunk;
    if (c == '\r') {
        state_ = State::kSizeLf;
        return std::nullopt;
    }
    // An extension begins with ';' at once: white space before it has been read in two ways.
    if (c != ';') return ProtocolFault::kChunk;
    state_ = State::kExtension;
    return std::nullopt;
}

/// Trailer fields are thrown away: nothing may change what the head has said.
std::optional<ProtocolFault> BodyDecoder::trailer_byte(char c) {
    if (state_ == State::kTrailerLf) {
        if (c != '\n') return ProtocolFault::kChunk;
        state_ = trailer_line_empty_ ? State::kDone : State::kTrailer;
        trailer_line_empty_ = true;
        return std::nullopt;
    }
    if (c == '\r') {
        state_ = State::kTrailerLf;
        return std::nullopt;
    }
    if (!is_line_char(c) || ++trailer_bytes_ > limits_.trailer_bytes_max) {
        return ProtocolFault::kChunk;
    }
    trailer_line_empty_ = false;
    return std::nullopt;
}

}  // namespace pdx::http
