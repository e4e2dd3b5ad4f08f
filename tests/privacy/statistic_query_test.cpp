#include "privacy/statistic_query.h"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "privacy/statistic_noise.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using nlohmann::json;

namespace {

const std::string kMeanText =
    R"({"bounds":{"decimals":2,"high":1000000,"low":0},"column":"金额",)"
    R"("filters":[{"between":{"decimals":0,"high":65,"low":18},"column":"年龄"},)"
    R"({"column":"区","values":["东","西"]}],"format":"pdx-statistic-1",)"
    R"("groups":{"column":"性别","keys":["女","男"]},"groups_per_person":1,"measure":"mean",)"
    R"("privacy":{"epsilon_millionths":500000,"mechanism":"laplace"},)"
    R"("rows_per_person":3,"subject":"个人标识"})";

json base_query() {
    return {{"format", "pdx-statistic-1"},
            {"measure", "count"},
            {"subject", "id"},
            {"rows_per_person", 2},
            {"groups_per_person", 1},
            {"privacy", {{"mechanism", "laplace"}, {"epsilon_millionths", 1'000'000}}}};
}

/// With members replaced (null: taken out), read and written.
json changed(json query, const json& patch) {
    query.merge_patch(patch);
    return query;
}

json histogram_query() {
    return changed(base_query(),
                   {{"measure", "histogram"}, {"groups", {{"column", "g"}, {"keys", {"b", "a"}}}}});
}
json sum_query() {
    return changed(base_query(), {{"measure", "sum"},
                                  {"column", "x"},
                                  {"bounds", {{"decimals", 0}, {"low", -5}, {"high", 10}}}});
}
json quantile_query() {
    return changed(sum_query(),
                   {{"measure", "quantile"}, {"quantiles_basis_points", {7500, 5000}}});
}
json unknown_query() {
    return changed(histogram_query(), {{"groups", {{"keys", nullptr}, {"unknown", true}}},
                                       {"privacy", {{"delta_trillionths", 1000}}}});
}

/// Where it is wrong; "accepted" when it is not.
std::string fault_of(const std::string& text) {
    try {
        read_query(text);
    } catch (const Error& error) {
        REQUIRE(error.kind() == ErrorKind::kInvalid);
        REQUIRE(error.code() == "statistic.query");
        REQUIRE_FALSE(error.text().zh.empty());
        return error.detail().pointer;
    }
    return "accepted";
}

}  // namespace

TEST_CASE("statistic query: a text in its one form comes back as it was", "[privacy][statistic]") {
    const StatisticQuery query = read_query(kMeanText);
    REQUIRE(query_text(query) == kMeanText);
    REQUIRE(query.measure == Measure::kMean);
    REQUIRE(query.filters.size() == 2);
    REQUIRE(query.groups->keys == std::vector<std::string>{"女", "男"});
    REQUIRE(columns_of(query) ==
            std::vector<std::string>{"个人标识", "区", "年龄", "性别", "金额"});
    for (const json& one :
         {base_query(), histogram_query(), sum_query(), quantile_query(), unknown_query()}) {
        const StatisticQuery read = read_query(one.dump());
        REQUIRE(read_query(query_text(read)) == read);
        REQUIRE(query_text(read_query(query_text(read))) == query_text(read));
    }
}

TEST_CASE("statistic query: order and spacing make no other query, everything else does",
          "[privacy][statistic]") {
    json query = json::parse(kMeanText);
    std::swap(query["filters"][0], query["filters"][1]);
    std::swap(query["filters"][0]["values"][0], query["filters"][0]["values"][1]);
    std::swap(query["groups"]["keys"][0], query["groups"]["keys"][1]);
    REQUIRE(query_digest(read_query(query.dump(4))) == query_digest(read_query(kMeanText)));
    std::set<Digest> digests;
    const std::vector<json> patches{
        json::object(),
        {{"measure", "sum"}},
        {{"column", "x"}},
        {{"bounds", {{"high", 999'999}}}},
        {{"bounds", {{"low", 1}}}},
        {{"bounds", {{"decimals", 1}}}},
        {{"filters", nullptr}},
        {{"groups", nullptr}},
        {{"groups", {{"keys", {"女"}}}}},
        {{"groups", {{"column", "y"}}}},
        {{"rows_per_person", 4}},
        {{"groups_per_person", 2}},
        {{"subject", "y"}},
        {{"privacy", {{"epsilon_millionths", 500'001}}}},
        {{"privacy",
          {{"epsilon_millionths", nullptr},
           {"rho_millionths", 500'000},
           {"mechanism", "gaussian"}}}},
    };
    for (const json& patch : patches) {
        INFO(patch);
        digests.insert(query_digest(read_query(changed(json::parse(kMeanText), patch).dump())));
    }
    REQUIRE(digests.size() == patches.size());
}

TEST_CASE("statistic query: what is wrong is refused with its place", "[privacy][statistic]") {
    const json base = base_query();
    const json sum = sum_query();
    const json histogram = histogram_query();
    const json unknown = unknown_query();
    const auto many = [](std::size_t count) {
        json list = json::array();
        for (std::size_t i = 0; i < count; ++i) list.push_back("k" + std::to_string(i));
        return list;
    };
    json filters = json::array();
    for (int i = 0; i < 9; ++i) {
        filters.push_back({{"column", "c" + std::to_string(i)}, {"values", {"a"}}});
    }
    const json repeated = json::array({filters[0], filters[0]});
    struct Case {
        json query;
        json patch;
        std::string pointer;
    };
    const std::vector<Case> cases{
        {base, json::object(), "accepted"},
        {sum, json::object(), "accepted"},
        {histogram, json::object(), "accepted"},
        {unknown, json::object(), "accepted"},
        {quantile_query(), json::object(), "accepted"},
        {base, {{"format", "pdx-statistic-2"}}, "/format"},
        {base, {{"measure", "variance"}}, "/measure"},
        {base, {{"measure", nullptr}}, "/measure"},
        {base, {{"extra", 1}}, ""},
        {base, {{"subject", ""}}, "/subject"},
        {base, {{"subject", 1}}, "/subject"},
        {base, {{"subject", std::string(257, 'a')}}, "/subject"},
        {base, {{"column", "x"}}, "/column"},
        {sum, {{"column", nullptr}}, "/column"},
        {sum, {{"bounds", nullptr}}, "/bounds"},
        {sum, {{"bounds", {{"low", 10}}}}, "/bounds"},
        {sum, {{"bounds", {{"decimals", 7}}}}, "/bounds"},
        {sum, {{"bounds", {{"decimals", -1}}}}, "/bounds/decimals"},
        {sum, {{"bounds", {{"high", 1'000'000'000'001}}}}, "/bounds/high"},
        {sum, {{"bounds", {{"low", -1'000'000'000'001}}}}, "/bounds/low"},
        {sum, {{"bounds", {{"high", 1.5}}}}, "/bounds/high"},
        {sum, {{"bounds", {{"high", UINT64_MAX}}}}, "/bounds/high"},
        {sum, {{"bounds", {{"middle", 1}}}}, "/bounds"},
        {base, {{"bounds", {{"decimals", 0}, {"low", 0}, {"high", 1}}}}, "/bounds"},
        {base, {{"rows_per_person", 0}}, "/rows_per_person"},
        {base, {{"rows_per_person", 1001}}, "/rows_per_person"},
        {base, {{"rows_per_person", 4294967297}}, "/rows_per_person"},
        {base, {{"groups_per_person", 2}}, "/groups_per_person"},
        {histogram, {{"groups_per_person", 2}}, "accepted"},
        {histogram, {{"groups_per_person", 3}}, "/groups_per_person"},
        {histogram, {{"groups_per_person", 0}}, "/groups_per_person"},
        {histogram, {{"groups", nullptr}}, "/groups"},
        {base, {{"groups", {{"column", "g"}, {"keys", {"a"}}}}}, "/groups"},
        {sum, {{"groups", {{"column", "g"}, {"keys", {"a"}}}}}, "accepted"},
        {sum, {{"groups", {{"column", "g"}, {"unknown", true}}}}, "/groups"},
        {histogram, {{"groups", {{"unknown", true}}}}, "/groups"},
        {histogram, {{"groups", {{"decimals", 0}}}}, "/groups"},
        {histogram, {{"groups", {{"keys", nullptr}}}}, "/groups"},
        {histogram, {{"groups", {{"keys", json::array()}}}}, "/groups/keys"},
        {histogram, {{"groups", {{"keys", {"a", "a"}}}}}, "/groups/keys"},
        {histogram, {{"groups", {{"keys", {" a"}}}}}, "/groups/keys"},
        {histogram, {{"groups", {{"keys", {1}}}}}, "/groups/keys/0"},
        {histogram, {{"groups", {{"keys", many(4096)}}}}, "accepted"},
        {histogram, {{"groups", {{"keys", many(4097)}}}}, "/groups/keys"},
        {histogram,
         {{"groups", {{"keys", nullptr}, {"decimals", 0}, {"edges", {1, 2}}}}},
         "accepted"},
        {histogram, {{"groups", {{"keys", nullptr}, {"edges", {1, 2}}}}}, "/groups"},
        {histogram,
         {{"groups", {{"keys", nullptr}, {"decimals", 0}, {"edges", {1}}}}},
         "/groups/edges"},
        {histogram,
         {{"groups", {{"keys", nullptr}, {"decimals", 0}, {"edges", {2, 1}}}}},
         "/groups/edges"},
        {histogram,
         {{"groups", {{"keys", nullptr}, {"decimals", 0}, {"edges", {1, "2"}}}}},
         "/groups/edges/1"},
        {unknown, {{"groups", {{"unknown", false}}}}, "/groups/unknown"},
        {unknown, {{"privacy", {{"delta_trillionths", nullptr}}}}, "/privacy/delta_trillionths"},
        {unknown, {{"privacy", {{"delta_trillionths", 1'000'001}}}}, "/privacy/delta_trillionths"},
        {unknown,
         {{"rows_per_person", 9},
          {"groups_per_person", 9},
          {"privacy", {{"delta_trillionths", 8}}}},
         "/privacy/delta_trillionths"},
        {histogram, {{"privacy", {{"delta_trillionths", 1000}}}}, "/privacy/delta_trillionths"},
        {base, {{"privacy", {{"epsilon_millionths", 0}}}}, "/privacy"},
        {base, {{"privacy", {{"epsilon_millionths", 20'000'000}}}}, "accepted"},
        {base, {{"privacy", {{"epsilon_millionths", 20'000'001}}}}, "/privacy"},
        {base, {{"privacy", {{"rho_millionths", 1}}}}, "/privacy"},
        {base, {{"privacy", {{"mechanism", "gaussian"}}}}, "/privacy"},
        {base, {{"privacy", {{"mechanism", "none"}}}}, "/privacy/mechanism"},
        {base, {{"privacy", {{"seed", 1}}}}, "/privacy"},
        {base, {{"privacy", nullptr}}, "/privacy"},
        {base, {{"privacy", {{"epsilon_millionths", -1}}}}, "/privacy/epsilon_millionths"},
        {sum, {{"measure", "mean"}, {"privacy", {{"epsilon_millionths", 1}}}}, "/privacy"},
        {unknown,
         {{"privacy",
           {{"mechanism", "gaussian"}, {"epsilon_millionths", nullptr}, {"rho_millionths", 1}}}},
         "/privacy/mechanism"},
        {sum,
         {{"bounds", {{"high", kBoundMax}}},
          {"privacy",
           {{"mechanism", "gaussian"}, {"epsilon_millionths", nullptr}, {"rho_millionths", 1}}}},
         "/privacy/mechanism"},
        {quantile_query(), {{"quantiles_basis_points", nullptr}}, "/quantiles_basis_points"},
        {quantile_query(), {{"quantiles_basis_points", {10'001}}}, "/quantiles_basis_points"},
        {quantile_query(), {{"quantiles_basis_points", {1, 1}}}, "/quantiles_basis_points"},
        {quantile_query(), {{"quantiles_basis_points", {"1"}}}, "/quantiles_basis_points"},
        {quantile_query(), {{"quantiles_basis_points", 1}}, "/quantiles_basis_points"},
        {sum, {{"quantiles_basis_points", {5000}}}, "/quantiles_basis_points"},
        {base, {{"filters", filters}}, "/filters"},
        {base, {{"filters", repeated}}, "/filters"},
        {base, {{"filters", {{{"column", "c"}}}}}, "/filters/0/values"},
        {base, {{"filters", {{{"column", ""}, {"values", {"a"}}}}}}, "/filters"},
        {base, {{"filters", {{{"column", "c"}, {"values", many(257)}}}}}, "/filters"},
        {base, {{"filters", {{{"column", "c"}, {"values", many(256)}}}}}, "accepted"},
        {base,
         {{"filters",
           {{{"column", "c"},
             {"values", {"a"}},
             {"between", {{"decimals", 0}, {"low", 1}, {"high", 1}}}}}}},
         "/filters"},
        {base,
         {{"filters",
           {{{"column", "c"}, {"between", {{"decimals", 0}, {"low", 1}, {"high", 1}}}}}}},
         "accepted"},
        {base,
         {{"filters",
           {{{"column", "c"}, {"between", {{"decimals", 0}, {"low", 2}, {"high", 1}}}}}}},
         "/filters"},
    };
    for (const Case& one : cases) {
        const std::string text = changed(one.query, one.patch).dump();
        INFO(text.substr(0, 500));
        REQUIRE(fault_of(text) == one.pointer);
    }
    REQUIRE(fault_of("") == "");
    REQUIRE(fault_of("[]") == "");
    REQUIRE(fault_of(kMeanText + " ") == "accepted");
    REQUIRE(fault_of(kMeanText + "x") == "");
    REQUIRE(fault_of(std::string(kQueryBytesMax + 1, ' ')) == "");
    std::string twice = kMeanText;
    twice.insert(1, R"("measure":"sum",)");
    REQUIRE(fault_of(twice) == "");
}

TEST_CASE("statistic query: damaged texts are refused or mean one thing", "[privacy][statistic]") {
    constexpr std::uint64_t kSeed = 11;
    std::mt19937_64 random(kSeed);
    INFO("seed " << kSeed);
    const std::vector<std::string> texts{kMeanText, histogram_query().dump(),
                                         quantile_query().dump(), unknown_query().dump()};
    constexpr std::string_view kPieces = "0123456789-.eE\"{}[],: abckeyslow";
    int accepted = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string text = texts[random() % texts.size()];
        for (std::uint64_t n = random() % 3; n < 3; ++n) {
            const std::size_t at = random() % text.size();
            switch (random() % 3) {
                case 0: text[at] = kPieces[random() % kPieces.size()]; break;
                case 1: text.erase(at, 1 + random() % 3); break;
                default: text.insert(at, 1, kPieces[random() % kPieces.size()]);
            }
        }
        if (fault_of(text) != "accepted") continue;
        ++accepted;
        const StatisticQuery query = read_query(text);
        const std::string one = query_text(query);
        INFO(text);
        REQUIRE(read_query(one) == query);
        REQUIRE(query_text(read_query(one)) == one);
    }
    REQUIRE(accepted > 100);
}

TEST_CASE("statistic query: a query that was made otherwise has to be well formed, too",
          "[privacy][statistic]") {
    StatisticQuery query = read_query(kMeanText);
    query.groups->keys = {"男", "女"};
    REQUIRE_THROWS_AS(query_text(query), Error);
    query = read_query(kMeanText);
    std::swap(query.filters[0], query.filters[1]);
    REQUIRE_THROWS_AS(query_text(query), Error);
    query = read_query(kMeanText);
    query.groups->edges = {1, 2};
    REQUIRE_THROWS_AS(query_text(query), Error);
    query = read_query(kMeanText);
    query.subject = "\xff";
    REQUIRE_THROWS_AS(query_text(query), Error);
}

TEST_CASE("statistic query: numbers are rounded to the unit, half away from zero",
          "[privacy][statistic]") {
    REQUIRE(decimal_units("1.5", 0) == 2);
    REQUIRE(decimal_units("-1.5", 0) == -2);
    REQUIRE(decimal_units("1.49", 0) == 1);
    REQUIRE(decimal_units("-0.4", 0) == 0);
    REQUIRE(decimal_units("1.005", 2) == 101);
    REQUIRE(decimal_units(" 1.234567 ", 6) == 1'234'567);
    REQUIRE(decimal_units("7", 3) == 7000);
    REQUIRE_FALSE(decimal_units("", 0));
    REQUIRE_FALSE(decimal_units("1e3", 0));
    REQUIRE_FALSE(decimal_units("99999999999999", 0));
}

TEST_CASE("statistic query: noise is drawn from what one person can change",
          "[privacy][statistic]") {
    const auto plan_of = [](const json& query) { return plan_noise(read_query(query.dump())); };
    const auto is = [](const std::optional<Noise>& noise, Uint128 numerator, Uint128 denominator) {
        return noise && noise->parameter().numerator == numerator &&
               noise->parameter().denominator == denominator;
    };
    // Two rows a person, epsilon 1.
    REQUIRE(is(plan_of(base_query()).count, 2, 1));
    REQUIRE_FALSE(plan_of(base_query()).sum);
    REQUIRE(is(plan_of(sum_query()).sum, 2 * 10, 1));
    REQUIRE_FALSE(plan_of(sum_query()).count);
    // -5 .. 10 is at most 8 from 2; each half has epsilon 1/2.
    const NoisePlan mean = plan_of(changed(sum_query(), {{"measure", "mean"}}));
    REQUIRE(is(mean.sum, 2 * 8 * 2, 1));
    REQUIRE(is(mean.count, 2 * 2, 1));
    // 16 leaves: one level; 17: two; 2^12 and more: three.
    const auto high = [](std::int64_t value) {
        return changed(quantile_query(), {{"bounds", {{"low", 0}, {"high", value}}}});
    };
    REQUIRE(is(plan_of(high(15)).count, 2, 1));
    REQUIRE(is(plan_of(high(16)).count, 4, 1));
    REQUIRE(is(plan_of(high(256)).count, 6, 1));
    REQUIRE(is(plan_of(high(kBoundMax)).count, 6, 1));
    REQUIRE(leaf_step({0, 0, 15}) == 1);
    REQUIRE(leaf_step({0, 0, 4095}) == 1);
    REQUIRE(leaf_step({0, 0, 4096}) == 2);
    // Gaussian, rho 1/2: variance sensitivity^2.
    const json half{{"privacy",
                     {{"mechanism", "gaussian"},
                      {"epsilon_millionths", nullptr},
                      {"rho_millionths", 500'000}}}};
    REQUIRE(is(plan_of(changed(base_query(), half)).count, 4, 1));
    REQUIRE(is(plan_of(changed(sum_query(), half)).sum, 400, 1));
    REQUIRE(is(plan_of(changed(high(300), half)).count, 12, 1));
    // What is rounded is rounded up.
    const auto rounded = Noise::of(Mechanism::kGaussian, 200'000'001, 1, 3'000'007);
    REQUIRE(rounded->parameter().denominator == 1);
    const long double variance = 200'000'001.0L * 200'000'001.0L * 1e6L / (2 * 3'000'007.0L);
    REQUIRE(static_cast<long double>(rounded->parameter().numerator) >= variance);
    REQUIRE(static_cast<long double>(rounded->parameter().numerator) <= variance + 1);
    // A group of one person alone, with all his rows, is told with a chance of delta.
    const NoisePlan unknown = plan_of(unknown_query());
    REQUIRE(unknown.count_least == 2 + laplace_tail({2, 1}, 1000));
}
