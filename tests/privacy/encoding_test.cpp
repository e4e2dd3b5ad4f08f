#include "privacy/encoding.h"

#include <iconv.h>

#include <string>
#include <vector>

#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

struct Decoded {
    std::string text;
    std::string code;
    std::string pointer;
    Encoding encoding = Encoding::kAscii;
};

Decoded decode(const std::string& bytes, std::size_t chunk) {
    Decoded decoded;
    TextDecoder decoder([&](std::string_view block) { decoded.text += block; });
    try {
        for (std::size_t i = 0; i < bytes.size(); i += chunk) {
            decoder.feed(std::string_view(bytes).substr(i, chunk));
        }
        decoder.finish();
        decoded.encoding = decoder.encoding();
    } catch (const Error& error) {
        decoded.code = error.code();
        decoded.pointer = error.detail().pointer;
    }
    return decoded;
}

std::string to_gb18030(std::string text) {
    iconv_t handle = iconv_open("GB18030", "UTF-8");
    std::string out(text.size() * 4, '\0');
    char* input = text.data();
    char* output = out.data();
    std::size_t left = text.size();
    std::size_t room = out.size();
    REQUIRE(iconv(handle, &input, &left, &output, &room) == 0);
    iconv_close(handle);
    out.resize(out.size() - room);
    return out;
}

std::string repeat(const std::string& text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace

TEST_CASE("encoding: UTF-8, BOM and GB18030 all come out as UTF-8", "[privacy][encoding]") {
    const std::string chinese = "企业名称,法定代表人\n无锡某某有限公司,张三丰㐀𠀀\n";
    for (const std::size_t chunk : {1U, 2U, 3U, 5U, 70'000U}) {
        INFO("chunks of " << chunk);
        CHECK(decode(chinese, chunk).text == chinese);
        CHECK(decode(chinese, chunk).encoding == Encoding::kUtf8);
        const auto marked = decode("\xEF\xBB\xBF" + chinese, chunk);
        CHECK(marked.text == chinese);
        CHECK(marked.encoding == Encoding::kUtf8Bom);
        const auto converted = decode(to_gb18030(chinese), chunk);
        CHECK(converted.text == chinese);
        CHECK(converted.encoding == Encoding::kGb18030);
        CHECK(decode("a,b\n1,2\n", chunk).text == "a,b\n1,2\n");
        CHECK(decode("a,b\n1,2\n", chunk).encoding == Encoding::kAscii);
        CHECK(decode("", chunk).text.empty());
    }
}

TEST_CASE("encoding: the decision waits for the first Chinese character", "[privacy][encoding]") {
    const std::string ascii = repeat("1234567,abcdefg\n", 20'000);
    const std::string chinese = repeat("无锡市滨湖区,太湖大道\n", 9'000);
    for (const std::size_t chunk : {4'096U, 65'536U, 1'000'000U}) {
        CHECK(decode(ascii + chinese, chunk).text == ascii + chinese);
        const auto converted = decode(ascii + to_gb18030(chinese), chunk);
        CHECK(converted.text == ascii + chinese);
        CHECK(converted.encoding == Encoding::kGb18030);
    }
}

TEST_CASE("encoding: what cannot be read is refused with its reason", "[privacy][encoding]") {
    using std::string_literals::operator""s;
    const std::string chinese = repeat("无锡市滨湖区,太湖大道\n", 9'000);
    const std::string gb = to_gb18030(chinese);
    struct Case {
        std::string bytes;
        std::string code;
        std::string pointer;
    };
    const std::vector<Case> cases{
        {"\xFF\xFE"
         "a\0,\0b\0"s,
         "encoding.utf16", ""},
        {"\xFE\xFF\0a\0,"s, "encoding.utf16", ""},
        {"a\0,\0b\0\n\0"s, "encoding.utf16", ""},
        {"\xFF\xFE\0\0a\0\0\0"s, "encoding.utf32", ""},
        {"PK\x03\x04rest", "encoding.binary", ""},
        {"\x80\x80\xFF\xFF", "encoding.unknown", ""},
        // One damaged byte does not turn UTF-8 into other Chinese.
        {"无锡\xFF市滨湖区", "encoding.invalid_utf8", "byte 6"},
        {"\xEF\xBB\xBF无\xFF", "encoding.invalid_utf8", "byte 6"},
        {chinese + "\xFF", "encoding.invalid_utf8", "byte " + std::to_string(chinese.size())},
        {chinese + "\xE6\x97", "encoding.invalid_utf8", "byte " + std::to_string(chinese.size())},
        {gb + "\xFF\xFF\n", "encoding.invalid_gb18030", "byte " + std::to_string(gb.size())},
        {gb + "\xB0", "encoding.invalid_gb18030", "byte " + std::to_string(gb.size())},
    };
    for (const Case& row : cases) {
        for (const std::size_t chunk : {1'000U, 65'536U, 10'000'000U}) {
            const auto decoded = decode(row.bytes, chunk);
            INFO(row.code << " in chunks of " << chunk);
            CHECK(decoded.code == row.code);
            CHECK(decoded.pointer == row.pointer);
        }
    }
}
