#pragma once
/// From bytes of unknown encoding to UTF-8, in streams and with constant memory. What cannot be
/// read without guessing is refused: a table decoded wrongly hides personal data from every
/// detector that comes after.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace pdx::privacy {

/// kAscii: no byte above 0x7F so far, which both UTF-8 and GB18030 read alike.
enum class Encoding { kAscii, kUtf8, kUtf8Bom, kGb18030 };

/// Shape: "us-ascii", "utf-8", "utf-8-bom", "gb18030".
std::string_view encoding_code(Encoding encoding);

/// Decides from a sample, the beginning of a file. UTF-8 is preferred where both fit, because text
/// that is not UTF-8 hardly ever looks like it. Requires: at_end says whether the file ends with
/// the sample; otherwise the last sequence may be cut.
/// Throws: kUnsupported encoding.utf16, encoding.utf32, encoding.binary, encoding.unknown.
Encoding detect_encoding(std::string_view sample, bool at_end);

/// Takes the bytes of a file and hands on UTF-8 without BOM. The decision falls on the first
/// 64 KiB that begin with a byte above 0x7F, however far into the file that is.
/// Throws: as detect_encoding(); kInvalid encoding.invalid_utf8 and encoding.invalid_gb18030, which
/// name the byte's offset. After that the decoder takes nothing more.
class TextDecoder {
public:
    using Sink = std::function<void(std::string_view)>;
    explicit TextDecoder(Sink sink);
    ~TextDecoder();
    TextDecoder(TextDecoder&&) noexcept;
    TextDecoder& operator=(TextDecoder&&) noexcept;

    void feed(std::string_view bytes);
    void finish();

    /// Final after finish().
    Encoding encoding() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pdx::privacy
