#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "base/check.h"
#include "base/error.h"
#include "privacy/encoding.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {
namespace {

struct Decoded {
    std::string text;  ///< empty when it was refused
    std::string code;  ///< of the refusal
    std::optional<privacy::Encoding> encoding;
    bool operator==(const Decoded&) const = default;
};

Decoded decode(std::string_view bytes, std::size_t piece) {
    Decoded result;
    std::string text;
    privacy::TextDecoder decoder([&](std::string_view more) {
        PDX_CHECK(is_utf8(more));  // no character is cut
        text += more;
    });
    try {
        for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
            decoder.feed(bytes.substr(0, piece));
        }
        decoder.finish();
    } catch (const Error& refused) {
        PDX_CHECK(refused.code().starts_with("encoding."));
        result.code = refused.code();
        return result;
    }
    result.encoding = decoder.encoding();
    result.text = std::move(text);
    return result;
}

}  // namespace

/// Pieces do not matter, what comes out is UTF-8, and UTF-8 comes out as it was.
void encoding(ByteView bytes) {
    constexpr std::string_view kMark = "\xEF\xBB\xBF";
    const std::string_view text = as_text(bytes);
    const Decoded whole = decode(text, text.size() + 1);
    PDX_CHECK(decode(text, 1) == whole);
    PDX_CHECK(decode(text, 3) == whole);
    if (!whole.encoding) return;
    PDX_CHECK(is_utf8(whole.text));
    switch (*whole.encoding) {
        case privacy::Encoding::kAscii:
        case privacy::Encoding::kUtf8: PDX_CHECK(whole.text == text); break;
        case privacy::Encoding::kUtf8Bom: PDX_CHECK(kMark.data() + whole.text == text); break;
        case privacy::Encoding::kGb18030: PDX_CHECK(!is_utf8(text)); break;
    }
    // It is UTF-8 now. Without its mark it may be refused as something else, and is never changed.
    const Decoded again = decode(whole.text, 5);
    if (again.encoding == privacy::Encoding::kUtf8) PDX_CHECK(again.text == whole.text);
}

}  // namespace pdx::fuzz
