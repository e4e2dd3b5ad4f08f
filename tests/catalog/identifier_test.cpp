#include "catalog/identifier.h"

#include <array>
#include <string>
#include <string_view>

#include "tests/support/catch.h"

using pdx::catalog::CatalogIdentifier;
using pdx::catalog::check_characters;
using pdx::catalog::ObjectKind;

TEST_CASE("identifier: check characters agree with the published vectors",
          "[catalog][identifier]") {
    CHECK(check_characters("ISO79") == "3W");
    CHECK(check_characters("320200WXYBD000008") == "OU");
    CHECK_FALSE(check_characters(""));
    CHECK_FALSE(check_characters("iso79"));
    CHECK_FALSE(check_characters("320200WX/D"));
}

TEST_CASE("identifier: a catalog identifier is made, printed and parsed back",
          "[catalog][identifier]") {
    const auto made = CatalogIdentifier::make("320200", "WXSCJG", ObjectKind::kStructured, 1);
    REQUIRE(made);
    CHECK(made->text() == "320200WXSCJG/D000001C5");
    CHECK(CatalogIdentifier::parse("320200WXSCJG/D000001C5") == made);
    CHECK_FALSE(CatalogIdentifier::make("32020", "WX", ObjectKind::kFile, 1));
    CHECK_FALSE(CatalogIdentifier::make("32020A", "WX", ObjectKind::kFile, 1));
    CHECK_FALSE(CatalogIdentifier::make("320200", "", ObjectKind::kFile, 1));
    CHECK_FALSE(CatalogIdentifier::make("320200", "wx", ObjectKind::kFile, 1));
    CHECK_FALSE(CatalogIdentifier::make("320200", "WX", ObjectKind::kFile, 0));
    CHECK_FALSE(CatalogIdentifier::make("320200", "WX", ObjectKind::kFile, 1000000));
}

TEST_CASE("identifier: whatever is not one is refused", "[catalog][identifier]") {
    for (const std::string_view text :
         {"", "/", "320200WXSCJG", "320200WXSCJG/D000001C6", "320200WXSCJG/D000001C",
          "320200WXSCJG/D000001C55", "320200wxscjg/D000001C5", "320200WXSCJG/X000001C5",
          "320200WXSCJG/D00000AC5", "320200/D000001C5", " 320200WXSCJG/D000001C5"}) {
        INFO(text);
        CHECK_FALSE(CatalogIdentifier::parse(text));
    }
}

TEST_CASE("identifier: every substitution and every neighbouring swap is detected",
          "[catalog][identifier]") {
    constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const std::string payload = "320200WXSCJGD000001";
    const std::string check = check_characters(payload).value();
    for (std::size_t at = 0; at < payload.size(); ++at) {
        for (const char c : alphabet) {
            std::string other = payload;
            other[at] = c;
            CHECK((other == payload) == (check_characters(other) == check));
        }
        if (at > 0 && payload[at] != payload[at - 1]) {
            std::string other = payload;
            std::swap(other[at], other[at - 1]);
            CHECK(check_characters(other) != check);
        }
    }
}
