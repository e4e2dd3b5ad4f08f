#include "marketplace/http/content_coding.h"

#include <Poco/DeflatingStream.h>

#include <optional>
#include <sstream>

#include "base/ascii.h"

namespace pdx::http {
namespace {

/// Unit: thousandths, as in message.cpp. "q=0" and "q=0.000" forbid.
int weight_of(std::string_view parameters) {
    constexpr int kWhole = 1000;
    const std::size_t at = parameters.find("q=");
    if (at == std::string_view::npos) return kWhole;
    std::string_view value = trimmed(parameters.substr(at + 2));
    if (value.empty() || value.front() != '0') return kWhole;
    int thousandths = 0;
    int scale = kWhole / 10;
    for (std::size_t i = 2; i < value.size() && scale > 0; ++i, scale /= 10) {
        if (!is_digit(value[i])) break;
        thousandths += (value[i] - '0') * scale;
    }
    return thousandths;
}

struct Wishes {
    std::optional<int> gzip;
    std::optional<int> identity;
    std::optional<int> others;  ///< "*"
};

Wishes read_wishes(std::string_view accept) {
    Wishes wishes;
    while (true) {
        const std::size_t comma = accept.find(',');
        const std::string_view item = trimmed(accept.substr(0, comma));
        const std::size_t semicolon = item.find(';');
        const std::string name = to_lower(trimmed(item.substr(0, semicolon)));
        const int weight =
            semicolon == std::string_view::npos ? weight_of("") : weight_of(item.substr(semicolon));
        if (name == "gzip" || name == "x-gzip") wishes.gzip = weight;
        if (name == "identity") wishes.identity = weight;
        if (name == "*") wishes.others = weight;
        if (comma == std::string_view::npos) return wishes;
        accept.remove_prefix(comma + 1);
    }
}

}  // namespace

Coding choose_coding(const Request& request) {
    const auto accept = request.header("accept-encoding");
    if (!accept) return Coding::kIdentity;
    const Wishes wishes = read_wishes(*accept);
    const int gzip = wishes.gzip.value_or(wishes.others.value_or(0));
    // Identity needs no mention; unmentioned, any coding that was mentioned is preferred to it.
    const int identity = wishes.identity.value_or(0);
    return gzip > 0 && gzip >= identity ? Coding::kGzip : Coding::kIdentity;
}

Bytes gzip(ByteView bytes, Effort effort) {
    constexpr int kQuickLevel = 1;
    constexpr int kThoroughLevel = 6;
    std::ostringstream out;
    Poco::DeflatingOutputStream stream(out, Poco::DeflatingStreamBuf::STREAM_GZIP,
                                       effort == Effort::kQuick ? kQuickLevel : kThoroughLevel);
    const std::string_view text = as_text(bytes);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    stream.close();
    const std::string packed = std::move(out).str();
    const ByteView view = as_bytes(packed);
    return {view.begin(), view.end()};
}

}  // namespace pdx::http
