#include "catalog/tokenizer.h"

#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "tests/support/catch.h"

using pdx::catalog::fold;
using pdx::catalog::Granularity;
using pdx::catalog::stem_english;
using pdx::catalog::tokenize;

namespace {

using List = std::vector<std::string>;

/// The terms, joined tokens in [brackets].
List terms(std::string_view text, Granularity granularity = Granularity::kPairs) {
    List found;
    for (const auto& token : tokenize(text, granularity)) {
        found.push_back(token.joined ? "[" + token.text + "]" : token.text);
    }
    return found;
}

}  // namespace

TEST_CASE("tokenizer: Chinese becomes pairs, a lone character stays", "[catalog][tokenizer]") {
    CHECK(terms("企业登记") == List{"企业", "业登", "登记"});
    CHECK(terms("车") == List{"车"});
    CHECK(terms("车 船") == List{"车", "船"});
    CHECK(terms("医保（结算），明细") == List{"医保", "结算", "明细"});
    CHECK(terms("公交", Granularity::kPairsAndSingles) == List{"公", "公交", "交"});
    CHECK(terms("𠮷野家") == List{"𠮷野", "野家"});
    CHECK(terms("") == List{});
    CHECK(terms(" ，。\t") == List{});
}

TEST_CASE("tokenizer: words are folded and stemmed, function words dropped",
          "[catalog][tokenizer]") {
    CHECK(terms("Bus routes, stops AND real-time arrivals") ==
          List{"bus", "rout", "stop", "real", "tim", "[real-time]", "arrival"});
    CHECK(terms("ＧＰＳ定位３Ｄ") == List{"gps", "定位", "3d"});
    CHECK(terms("PM2.5浓度") == List{"pm2", "5", "[pm2.5]", "浓度"});
    CHECK(terms("Überprüfung") == List{"Überprüfung"});
}

TEST_CASE("tokenizer: an identifier is one term and its parts", "[catalog][tokenizer]") {
    CHECK(terms("320200WXSCJG/D000001C5") ==
          List{"320200wxscjg", "d000001c5", "[320200wxscjg/d000001c5]"});
    CHECK(terms("legal_rep_id_no") == List{"legal", "rep", "id", "no", "[legal_rep_id_no]"});
    CHECK(terms("a-b-") == List{"b", "[a-b]"});
    CHECK(terms("--x..y//") == List{"x", "y"});
    CHECK(terms(std::string(100, 'q')) == List{std::string(64, 'q')});
}

TEST_CASE("tokenizer: one and many meet in one stem", "[catalog][tokenizer]") {
    const std::vector<std::pair<std::string, std::string>> same{
        {"enterprise", "enterprises"}, {"bus", "buses"},        {"route", "routes"},
        {"company", "companies"},      {"license", "licenses"}, {"status", "status"},
        {"parking", "park"},           {"price", "pricing"},    {"planned", "plan"},
        {"registered", "register"},    {"box", "boxes"},        {"gas", "gas"}};
    for (const auto& [one, other] : same) {
        INFO(one << " " << other);
        CHECK(stem_english(one) == stem_english(other));
    }
    CHECK(stem_english("bus") != stem_english("business"));
    CHECK(stem_english("string") == "string");
    CHECK(stem_english("speed") == "speed");
    CHECK(stem_english("d000001c5s") == "d000001c5s");
}

TEST_CASE("tokenizer: any bytes fold to text that folds to itself", "[catalog][tokenizer]") {
    CHECK(fold("  Ａ\u3000“B”\x01\xFF z ") == "a \"b\" z");
    const unsigned seed = std::random_device{}();
    std::cout << "tokenizer seed " << seed << "\n";
    std::mt19937 engine(seed);
    const std::string alphabet = "aZ9-_/.\" \xE4\xBC\x81\xF0\xA0\xAE\xB7\xC3\xFF\x80\xEF\xBC\xA1";
    for (int round = 0; round < 20000; ++round) {
        std::string text(engine() % 40, '\0');
        for (char& c : text) {
            c = engine() % 4 == 0 ? static_cast<char>(engine())
                                  : alphabet[engine() % alphabet.size()];
        }
        const std::string folded = fold(text);
        REQUIRE(pdx::is_utf8(folded));
        REQUIRE(fold(folded) == folded);
        const auto tokens = tokenize(text, Granularity::kPairsAndSingles);
        REQUIRE(tokens == tokenize(folded, Granularity::kPairsAndSingles));
        for (const auto& token : tokens) {
            REQUIRE_FALSE(token.text.empty());
            REQUIRE(token.text.size() <= pdx::catalog::kTermBytesMax);
            REQUIRE(pdx::is_utf8(token.text));
        }
    }
}
