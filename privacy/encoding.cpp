#include "privacy/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "privacy/utf8.h"

namespace pdx::privacy {
namespace {

constexpr std::size_t kSampleBytes = std::size_t{64} << 10U;
/// UTF-16 text has a zero in nearly every second byte; a few bytes are enough to see it.
constexpr std::size_t kMarkBytes = 4;

/// glibc's converter. One object per stream.
class Gb18030 {
public:
    Gb18030() : handle_(iconv_open("UTF-8", "GB18030")) {
        // -1 is how iconv_open says "no such converter".
        PDX_CHECK(handle_ != invalid());
    }
    ~Gb18030() { iconv_close(handle_); }
    Gb18030(const Gb18030&) = delete;
    Gb18030& operator=(const Gb18030&) = delete;

    struct Result {
        std::size_t read = 0;
        bool invalid = false;
    };

    /// Converts as much of `bytes` as is complete and appends it to `out`.
    Result convert(std::string_view bytes, std::string& out) {
        std::array<char, 16384> block{};
        // iconv's signature predates const; it does not write to its input.
        char* input = const_cast<char*>(bytes.data());
        std::size_t left = bytes.size();
        while (left > 0) {
            char* output = block.data();
            std::size_t room = block.size();
            const std::size_t status = iconv(handle_, &input, &left, &output, &room);
            const int error = errno;
            out.append(block.data(), block.size() - room);
            if (status != static_cast<std::size_t>(-1) || error == E2BIG) continue;
            return {bytes.size() - left, error == EILSEQ};
        }
        return {bytes.size(), false};
    }

private:
    static iconv_t invalid() {
        return reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
    }
    iconv_t handle_;
};

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

Error invalid_bytes(const char* code, const char* name, std::uint64_t offset) {
    const std::string place = std::to_string(offset);
    ErrorDetail detail;
    detail.pointer = "byte " + place;
    return invalid(
        code,
        {"The file is not valid " + std::string(name) + ": bad bytes at offset " + place + ".",
         "文件不是有效的 " + std::string(name) + "：偏移 " + place + " 处字节无效。"},
        std::move(detail));
}

void refuse_marks(std::string_view sample) {
    using std::string_view_literals::operator""sv;
    if (sample.starts_with("\xFF\xFE\0\0"sv) || sample.starts_with("\0\0\xFE\xFF"sv)) {
        throw unsupported("encoding.utf32", {"The file is UTF-32; save it as UTF-8.",
                                             "文件为 UTF-32 编码，请另存为 UTF-8。"});
    }
    const bool mark = sample.starts_with("\xFF\xFE") || sample.starts_with("\xFE\xFF");
    const bool zeros = sample.size() >= 4 && ((sample[0] == '\0') != (sample[1] == '\0')) &&
                       ((sample[2] == '\0') != (sample[3] == '\0'));
    if (mark || zeros) {
        throw unsupported("encoding.utf16", {"The file is UTF-16; save it as UTF-8.",
                                             "文件为 UTF-16 编码，请另存为 UTF-8。"});
    }
    if (sample.starts_with("PK\x03\x04") || sample.starts_with("\xD0\xCF\x11\xE0") ||
        sample.starts_with("%PDF") || sample.starts_with("\x1F\x8B")) {
        throw unsupported("encoding.binary",
                          {"The file is a spreadsheet, archive or document; export it as CSV.",
                           "文件是电子表格、压缩包或文档，请导出为 CSV。"});
    }
}

/// Bytes above 0x7F inside well-formed sequences, and those outside.
struct Utf8Tally {
    std::size_t inside = 0;
    std::size_t outside = 0;
};

Utf8Tally tally_utf8(std::string_view sample) {
    Utf8Tally tally;
    while (!sample.empty()) {
        const std::size_t valid = scan_utf8(sample).valid;
        const std::string_view good = sample.substr(0, valid);
        tally.inside += static_cast<std::size_t>(
            std::count_if(good.begin(), good.end(), [](char c) { return !is_ascii(c); }));
        sample.remove_prefix(valid);
        if (sample.empty()) break;
        ++tally.outside;
        sample.remove_prefix(1);
    }
    return tally;
}

/// GB18030 reads nearly any byte pair, so the outcome must also look like Chinese text.
bool reads_as_gb18030(std::string_view sample, bool at_end) {
    Gb18030 converter;
    std::string text;
    const auto result = converter.convert(sample, text);
    if (result.invalid || (result.read != sample.size() && at_end)) return false;
    std::size_t chinese = 0;
    std::size_t other = 0;
    for (std::size_t i = 0; i < text.size();) {
        const char32_t c = next_code_point(text, i);
        // U+3000..303F and U+FF00..FFEF are the full-width forms that surround Chinese.
        if (is_han(c) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFF00 && c <= 0xFFEF)) {
            ++chinese;
        } else if (c >= 0x80) {
            ++other;
        }
    }
    return chinese >= other;
}

/// `offset` is that of the sample in the file.
Encoding decide(std::string_view sample, bool at_end, std::uint64_t offset) {
    refuse_marks(sample);
    const bool mark = sample.starts_with(kByteOrderMark) && offset == 0;
    const Utf8Scan scan = scan_utf8(sample);
    if (scan.valid == sample.size() || (scan.unfinished && !at_end)) {
        if (mark) return Encoding::kUtf8Bom;
        return std::all_of(sample.begin(), sample.end(), is_ascii) ? Encoding::kAscii
                                                                   : Encoding::kUtf8;
    }
    // UTF-8 with one damaged byte would pass as GB18030 and come out as other Chinese.
    const Utf8Tally tally = tally_utf8(sample);
    if (mark || tally.inside > tally.outside) {
        throw invalid_bytes("encoding.invalid_utf8", "UTF-8", offset + scan.valid);
    }
    if (reads_as_gb18030(sample, at_end)) return Encoding::kGb18030;
    throw unsupported("encoding.unknown",
                      {"The file is neither UTF-8 nor GB18030; save it as UTF-8.",
                       "文件既不是 UTF-8 也不是 GB18030，请另存为 UTF-8。"});
}

}  // namespace

std::string_view encoding_code(Encoding encoding) {
    switch (encoding) {
        case Encoding::kAscii: return "us-ascii";
        case Encoding::kUtf8: return "utf-8";
        case Encoding::kUtf8Bom: return "utf-8-bom";
        case Encoding::kGb18030: return "gb18030";
    }
    return "";
}

Encoding detect_encoding(std::string_view sample, bool at_end) { return decide(sample, at_end, 0); }

struct TextDecoder::State {
    explicit State(Sink to) : sink(std::move(to)) {}

    Sink sink;
    Encoding encoding = Encoding::kAscii;
    bool marks_checked = false;
    bool decided = false;
    bool closed = false;
    std::string pending;       ///< undecided sample, or an unfinished sequence
    std::uint64_t offset = 0;  ///< of the first pending byte in the file
    std::unique_ptr<Gb18030> converter;
    std::string converted;

    void pass(std::string_view text) {
        if (!text.empty()) sink(text);
    }

    /// Everything up to the first byte above 0x7F means the same in every encoding that is taken.
    void pass_ascii() {
        const auto stop = std::find_if_not(pending.begin(), pending.end(), is_ascii);
        const auto count = static_cast<std::size_t>(stop - pending.begin());
        pass(std::string_view(pending).substr(0, count));
        pending.erase(0, count);
        offset += count;
    }

    void undecided(bool at_end) {
        if (!marks_checked) {
            if (pending.size() < kMarkBytes && !at_end) return;
            refuse_marks(pending);
            marks_checked = true;
        }
        pass_ascii();
        if (pending.empty() || (pending.size() < kSampleBytes && !at_end)) return;
        encoding = decide(pending, at_end, offset);
        if (encoding == Encoding::kGb18030) converter = std::make_unique<Gb18030>();
        decided = true;
        std::string sample;
        sample.swap(pending);
        std::string_view rest = sample;
        if (encoding == Encoding::kUtf8Bom) {
            rest.remove_prefix(kByteOrderMark.size());
            offset += kByteOrderMark.size();
        }
        decode(rest, at_end);
    }

    void decode(std::string_view bytes, bool at_end) {
        // Complete the sequence that the last chunk left open; at most four bytes are copied twice.
        while (!pending.empty() && !bytes.empty()) {
            pending += bytes.front();
            bytes.remove_prefix(1);
            const std::string open = std::exchange(pending, {});
            convert(open);
        }
        if (!bytes.empty()) convert(bytes);
        if (at_end && !pending.empty()) throw bad(0);
    }

    void convert(std::string_view bytes) {
        std::size_t valid = 0;
        bool bad_bytes = false;
        if (converter) {
            converted.clear();
            const auto result = converter->convert(bytes, converted);
            valid = result.read;
            bad_bytes = result.invalid;
        } else {
            const Utf8Scan scan = scan_utf8(bytes);
            valid = scan.valid;
            bad_bytes = valid != bytes.size() && !scan.unfinished;
        }
        if (bad_bytes) throw bad(valid);
        pass(converter ? std::string_view(converted) : bytes.substr(0, valid));
        offset += valid;
        pending = bytes.substr(valid);
    }

    Error bad(std::size_t valid) const {
        return converter ? invalid_bytes("encoding.invalid_gb18030", "GB18030", offset + valid)
                         : invalid_bytes("encoding.invalid_utf8", "UTF-8", offset + valid);
    }
};

TextDecoder::TextDecoder(Sink sink) : state_(std::make_unique<State>(std::move(sink))) {}
TextDecoder::~TextDecoder() = default;
TextDecoder::TextDecoder(TextDecoder&&) noexcept = default;
TextDecoder& TextDecoder::operator=(TextDecoder&&) noexcept = default;

void TextDecoder::feed(std::string_view bytes) {
    PDX_CHECK(!state_->closed);
    state_->closed = true;  // an exception below leaves it closed
    // Blocks keep the undecided part bounded however large the chunk is.
    while (!bytes.empty()) {
        const std::string_view block = bytes.substr(0, kSampleBytes);
        bytes.remove_prefix(block.size());
        if (state_->decided) {
            state_->decode(block, false);
        } else {
            state_->pending += block;
            state_->undecided(false);
        }
    }
    state_->closed = false;
}

void TextDecoder::finish() {
    PDX_CHECK(!state_->closed);
    state_->closed = true;
    if (state_->decided) {
        state_->decode({}, true);
    } else {
        state_->undecided(true);
    }
}

Encoding TextDecoder::encoding() const { return state_->encoding; }

}  // namespace pdx::privacy
