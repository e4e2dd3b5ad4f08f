#include "privacy/name_finder.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "tests/privacy/support/name_prose.h"
#include "tests/privacy/support/name_trainer.h"
#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

std::vector<std::string> names_in(std::string_view text) {
    std::vector<Finding> findings;
    find_names(text, findings);
    std::vector<std::string> names;
    for (const Finding& one : findings) {
        CHECK(one.kind == Kind::kPersonName);
        names.emplace_back(text.substr(one.begin, one.size));
    }
    return names;
}

std::vector<test::MarkedText> marked_file(const std::string& name) {
    std::ifstream file(test::source_folder() / "tests/privacy/data" / name);
    std::vector<test::MarkedText> all;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.front() == '#') continue;
        all.push_back(test::read_marked(std::string_view(line).substr(line.find('\t') + 1)));
    }
    return all;
}

test::NameTally tally_of(const std::vector<test::MarkedText>& texts) {
    test::NameTally tally;
    for (const test::MarkedText& one : texts) tally.add(one);
    return tally;
}

}  // namespace

TEST_CASE("names: held-out prose written by hand keeps its recall and precision",
          "[privacy][names]") {
    const auto texts = marked_file("prose_held_out.txt");
    REQUIRE(texts.size() >= 150);
    const test::NameTally tally = tally_of(texts);
    INFO(tally.recall_per_mille() << " " << tally.precision_per_mille());
    CHECK(tally.recall_per_mille() >= 850);
    CHECK(tally.precision_per_mille() >= 800);
}

TEST_CASE(
    "names: prose of other templates and names than the trained keeps its recall and precision",
    "[privacy][names][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    test::ProseMaker maker(test::measuring_prose(), seed);
    test::NameTally tally;
    for (int i = 0; i < 3'000; ++i) tally.add(maker.sentence());
    INFO(tally.recall_per_mille() << " " << tally.precision_per_mille());
    CHECK(tally.recall_per_mille() >= 860);
    CHECK(tally.precision_per_mille() >= 810);
}

TEST_CASE("names: the two vocabularies share no template and no given name", "[privacy][names]") {
    const auto& trained = test::training_prose();
    const auto& measured = test::measuring_prose();
    const auto shared = [](const auto& one, const auto& other) {
        return std::count_if(one.begin(), one.end(), [&](std::string_view item) {
            return std::find(other.begin(), other.end(), item) != other.end();
        });
    };
    CHECK(shared(measured.with_names, trained.with_names) == 0);
    CHECK(shared(measured.without_names, trained.without_names) == 0);
    CHECK(shared(measured.whole_names, trained.whole_names) == 0);
    CHECK(shared(measured.given, trained.given) == 0);
}

TEST_CASE("names: each way to write a name beside others is found with its place",
          "[privacy][names]") {
    struct Row {
        const char* text;
        std::vector<std::string> names;
    };
    const std::vector<Row> rows{
        {"张伟表示不满。", {"张伟"}},
        {"联系人：李秀英，电话", {"李秀英"}},
        {"王建国、刘芳和陈志强参加会议", {"王建国", "刘芳", "陈志强"}},
        {"患者欧阳文静入院", {"欧阳文静"}},
        {"被告诸葛明辩称", {"诸葛明"}},
        {"专家玛丽·约翰逊说", {"玛丽·约翰逊"}},
        {"牧民买买提•吐尔逊来电", {"买买提•吐尔逊"}},
        {"总统约翰·F·肯尼迪发表演讲", {"约翰·F·肯尼迪"}},
        {"姓名：是某 性别", {}},
        {"（张伟）", {"张伟"}},
        {"“李强，你来一下。”", {"李强"}},
        {"x张伟\n李强", {"李强"}},
        {"陳國強先生致電", {"陳國強"}},
        {"工程师山本健太来电", {"山本健太"}},
        {"姓名：鬱建国，", {"鬱建国"}},
        {"张𬭚说", {"张𬭚"}},
        {"王女士来电", {}},
        {"李先生投诉", {}},
        {"张某与李某某发生纠纷", {}},
        {"任何单位不得擅自施工", {}},
        {"马上停止施工", {}},
        {"高速公路黄金地段", {}},
        {"华润万家超市", {}},
        {"江苏省南京市", {}},
        {"南·洛", {}},
        {"阿拉伯·", {}},
        {"·", {}},
        {"张", {}},
        {"", {}},
        {"plain ASCII of 12345", {}},
    };
    for (const Row& row : rows) {
        INFO(row.text);
        CHECK(names_in(row.text) == row.names);
    }
}

TEST_CASE("names: findings ascend, lie on characters and do not change with what was there before",
          "[privacy][names][property]") {
    const unsigned seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    constexpr std::u16string_view kPieces = u"张伟王·李明说：、，。 a1\n先生欧阳的某约翰";
    for (int round = 0; round < 5'000; ++round) {
        std::string text;
        for (unsigned i = 0; i < random() % 24; ++i) {
            const char16_t c = random() % 3 == 0 ? static_cast<char16_t>(0x4E00 + random() % 0x5200)
                                                 : kPieces[random() % kPieces.size()];
            if (c < 0x80) {
                text += static_cast<char>(c);
            } else if (c < 0x800) {
                text += static_cast<char>(0xC0 | c >> 6);
                text += static_cast<char>(0x80 | (c & 0x3F));
            } else {
                text += static_cast<char>(0xE0 | c >> 12);
                text += static_cast<char>(0x80 | (c >> 6 & 0x3F));
                text += static_cast<char>(0x80 | (c & 0x3F));
            }
        }
        std::vector<Finding> findings{{Kind::kEmail, 1, 2}};
        find_names(text, findings);
        REQUIRE(findings.front() == Finding{Kind::kEmail, 1, 2});
        std::size_t end = 0;
        for (std::size_t i = 1; i < findings.size(); ++i) {
            const Finding& one = findings[i];
            REQUIRE(one.begin >= end);
            REQUIRE(one.size >= 6);
            end = one.begin + one.size;
            REQUIRE(end <= text.size());
            const auto inside = [&](std::size_t at) {
                return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80;
            };
            REQUIRE_FALSE(inside(one.begin));
            REQUIRE_FALSE(inside(end));
        }
    }
}

TEST_CASE("names: a character is decoded and found again from behind", "[privacy][names]") {
    const std::string text = "a·张𬭚😀";
    const std::vector<TextChar> expected{
        {u'a', 1}, {u'·', 2}, {u'张', 3}, {kRareHan, 4}, {u'\uFFFD', 4}};
    std::size_t at = 0;
    for (const TextChar& one : expected) {
        const TextChar here = char_at_place(text, at);
        CHECK(here.code == one.code);
        CHECK(here.size == one.size);
        at += here.size;
        CHECK(char_before_place(text, at).code == one.code);
    }
    CHECK(at == text.size());
    CHECK(char_at_place(text, at).size == 0);
    CHECK(char_before_place(text, 0).size == 0);
}

TEST_CASE("names: the weights in use come from the trainer", "[privacy][names]") {
    const test::NameWeights trained = test::trained_weights(marked_file("prose_tuning.txt"));
    for (std::size_t i = 0; i < trained.size(); ++i) {
        INFO("feature " << i << ": " << trained.at(i) << ", in use " << kNameWeights.at(i));
        CHECK(std::abs(trained.at(i) - kNameWeights.at(i)) <= 1);  // exp() differs in the last bit
    }
}
