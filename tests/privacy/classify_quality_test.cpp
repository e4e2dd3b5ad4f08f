/// How well columns are told apart, on made columns whose kind is known (support/column_maker.h).
/// The figures of both generators are printed and stand in docs/PRIVACY.md.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "privacy/classify.h"
#include "tests/privacy/support/column_maker.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;
using test::Faults;
using test::HeaderStyle;
using test::MadeColumn;
using test::Recipe;
using test::Telling;

namespace {

constexpr std::uint64_t kTuningSeed = 20261126;
constexpr std::uint64_t kHeldOutSeed = 77;

/// As a table of one column; where values alone tell nothing, beside a column of names, as such
/// columns are in files.
ColumnClass classify(const MadeColumn& column) {
    const bool alone = column.telling == Telling::kShape || column.style != HeaderStyle::kNeutral ||
                       default_sensitivity(column.kind) == Sensitivity::kNonPersonal;
    const std::vector<std::string_view> header{column.name, "姓名"};
    const std::vector<DeclaredColumn> declared{{column.label, {}}, {}};
    const std::size_t width = alone ? 1 : 2;
    TableProfiler table{std::span(header).first(width), std::span(declared).first(width), 1};
    for (const std::string& value : column.values) {
        const std::vector<std::string_view> fields{value, "张小明"};
        table.add(std::span(fields).first(width));
    }
    return table.classify().front();
}

/// What a class must be, when the header says nothing and the values cannot: a date may be a
/// birthday, a code may be anybody's. Anything that is not weaker is right.
bool is_told(const MadeColumn& column) {
    return column.telling == Telling::kShape || column.style != HeaderStyle::kNeutral;
}

struct Figures {
    std::uint64_t columns = 0;
    std::uint64_t right = 0;
    std::uint64_t claimed = 0;  ///< columns of which the answer was this
    std::uint64_t unknown = 0;

    std::uint64_t recall() const { return columns == 0 ? 10'000 : right * 10'000 / columns; }
    std::uint64_t precision() const { return claimed == 0 ? 10'000 : right * 10'000 / claimed; }
};

struct Quality {
    std::map<Kind, Figures> kinds;
    std::map<Sensitivity, Figures> classes;
    std::uint64_t grave = 0;   ///< personal columns called non-personal
    std::uint64_t untold = 0;  ///< columns of which nobody could tell without a header
    std::uint64_t untold_unknown = 0;
    std::vector<std::string> mistakes;
};

std::string told(const MadeColumn& column, const ColumnClass& got) {
    return std::string(kind_code(column.kind)) + " '" + column.name + "' '" + column.label +
           "' -> " + std::string(sensitivity_code(got.sensitivity)) + "/" +
           std::string(kind_code(got.kind)) + " " +
           (got.evidence.empty() ? ""
                                 : got.evidence.back().code + " " +
                                       std::to_string(got.evidence.back().share_basis_points)) +
           " e.g. " + column.values[0];
}

bool has_evidence(const ColumnClass& column, std::string_view code) {
    return std::any_of(column.evidence.begin(), column.evidence.end(),
                       [code](const Evidence& one) { return one.code == code; });
}

void count(const MadeColumn& column, const ColumnClass& got, Quality& quality) {
    const Sensitivity truth = default_sensitivity(column.kind);
    if (truth > Sensitivity::kConfidential && got.sensitivity <= Sensitivity::kConfidential) {
        ++quality.grave;
        quality.mistakes.push_back("GRAVE " + told(column, got));
    }
    if (!is_told(column)) {
        ++quality.untold;
        if (got.sensitivity == Sensitivity::kUnknown) ++quality.untold_unknown;
        return;
    }
    Figures& kind = quality.kinds[column.kind];
    Figures& one = quality.classes[truth];
    ++kind.columns;
    ++one.columns;
    if (got.sensitivity == Sensitivity::kUnknown) {
        ++kind.unknown;
        ++one.unknown;
    } else {
        ++quality.kinds[got.kind].claimed;
        ++quality.classes[got.sensitivity].claimed;
    }
    if (got.kind == column.kind) {
        ++kind.right;
    } else if (got.sensitivity == truth) {
        quality.mistakes.push_back("kind only: " + told(column, got));
    }
    if (got.sensitivity == truth) {
        ++one.right;
    } else {
        quality.mistakes.push_back(told(column, got));
    }
}

Quality measure(const std::vector<Recipe>& recipes, std::size_t rows, int rounds,
                std::uint64_t seed) {
    test::Random random(seed);
    Quality quality;
    for (int round = 0; round < rounds; ++round) {
        for (const Recipe& recipe : recipes) {
            for (const HeaderStyle style : test::kHeaderStyles) {
                const MadeColumn column = make_column(recipe, style, rows, Faults::kUsual, random);
                count(column, classify(column), quality);
            }
        }
    }
    return quality;
}

void print(const std::string& title, const Quality& quality) {
    std::cout << title << "\n";
    for (const auto& [kind, one] : quality.kinds) {
        std::cout << "  " << std::left << std::setw(24) << kind_code(kind) << std::right
                  << " columns " << std::setw(5) << one.columns << " precision " << std::setw(5)
                  << one.precision() << " recall " << std::setw(5) << one.recall() << " unknown "
                  << one.unknown << "\n";
    }
    for (const auto& [sensitivity, one] : quality.classes) {
        std::cout << "  class " << std::left << std::setw(18) << sensitivity_code(sensitivity)
                  << std::right << " columns " << std::setw(5) << one.columns << " precision "
                  << std::setw(5) << one.precision() << " recall " << std::setw(5) << one.recall()
                  << " unknown " << one.unknown << "\n";
    }
    std::cout << "  called non-personal though personal: " << quality.grave
              << "; beyond telling: " << quality.untold << ", of them unknown "
              << quality.untold_unknown << "\n";
    if (std::getenv("PDX_MISTAKES") != nullptr) {
        for (const std::string& one : quality.mistakes) std::cout << "  " << one << "\n";
    }
}

}  // namespace

TEST_CASE("classify quality: columns as files have them get their class",
          "[privacy][classify-quality]") {
    INFO("seed " << kTuningSeed);
    const Quality many = measure(test::tuning_recipes(), 1'000, 3, kTuningSeed);
    print("tuning, 1,000 rows", many);
    const Quality few = measure(test::tuning_recipes(), 50, 12, kTuningSeed + 1);
    print("tuning, 50 rows", few);
    CHECK(many.grave == 0);
    for (const auto& [sensitivity, one] : many.classes) {
        INFO(sensitivity_code(sensitivity));
        CHECK(one.precision() >= 9'900);
        CHECK(one.recall() >= 9'900);
    }
    for (const auto& [sensitivity, one] : few.classes) {
        INFO(sensitivity_code(sensitivity));
        CHECK(one.precision() >= 9'500);
        CHECK(one.recall() >= 9'500);
    }
}

TEST_CASE("classify quality: words and layouts nobody tuned on are reported",
          "[privacy][classify-quality]") {
    INFO("seed " << kHeldOutSeed);
    const Quality many = measure(test::held_out_recipes(), 1'000, 3, kHeldOutSeed);
    print("held out, 1,000 rows", many);
    const Quality few = measure(test::held_out_recipes(), 50, 12, kHeldOutSeed + 1);
    print("held out, 50 rows", few);
    print("held out, 8 rows", measure(test::held_out_recipes(), 8, 12, kHeldOutSeed + 2));
    CHECK(many.grave == 0);
}

TEST_CASE("classify quality: no number of a thing is called an identifier of a person",
          "[privacy][classify-quality]") {
    INFO("seed " << kTuningSeed);
    test::Random random(kTuningSeed);
    for (const std::size_t rows : {std::size_t{50}, std::size_t{1'000}}) {
        for (int round = 0; round < (rows == 50 ? 60 : 8); ++round) {
            for (const Recipe& recipe : test::negative_recipes()) {
                const MadeColumn neutral =
                    make_column(recipe, HeaderStyle::kNeutral, rows, Faults::kUsual, random);
                INFO(rows << " rows, such as " << neutral.values.back());
                INFO(told(neutral, classify(neutral)));
                CHECK(classify(neutral).sensitivity != Sensitivity::kDirectIdentifier);
                const MadeColumn named =
                    make_column(recipe, HeaderStyle::kChinese, rows, Faults::kUsual, random);
                INFO(named.name);
                const ColumnClass column = classify(named);
                CHECK(column.sensitivity != Sensitivity::kDirectIdentifier);
                CHECK(column.sensitivity != Sensitivity::kSensitive);
            }
        }
    }
}

TEST_CASE("classify quality: valid numbers are recognised in columns of any size",
          "[privacy][classify-quality]") {
    constexpr std::array kNumbers{Kind::kResidentId, Kind::kResidentId15, Kind::kForeignResidentId,
                                  Kind::kMobile,     Kind::kLandline,     Kind::kBankCard,
                                  Kind::kUscc,       Kind::kVin,          Kind::kImei,
                                  Kind::kIpAddress,  Kind::kMacAddress,   Kind::kOrgCode};
    INFO("seed " << kTuningSeed);
    test::Random random(kTuningSeed);
    std::uint64_t columns = 0;
    std::uint64_t right = 0;
    for (const Recipe& recipe : test::tuning_recipes()) {
        if (std::find(kNumbers.begin(), kNumbers.end(), recipe.kind) == kNumbers.end()) continue;
        for (const HeaderStyle style : test::kHeaderStyles) {
            for (int round = 0; round < 40; ++round) {
                const std::size_t rows = round == 0 ? 1'000 : 50;
                const MadeColumn column = make_column(recipe, style, rows, Faults::kNone, random);
                ++columns;
                const ColumnClass got = classify(column);
                if (got.kind == column.kind) {
                    ++right;
                } else {
                    WARN(told(column, got));
                }
            }
        }
    }
    CHECK(columns >= 2'000);
    CHECK(right * 1'000 >= columns * 999);
}

TEST_CASE("classify quality: what a spreadsheet did to identity and card numbers is seen",
          "[privacy][classify-quality]") {
    INFO("seed " << kTuningSeed);
    test::Random random(kTuningSeed);
    for (const Recipe& recipe : test::tuning_recipes()) {
        if (recipe.kind != Kind::kResidentId && recipe.kind != Kind::kBankCard) continue;
        for (const HeaderStyle style : test::kHeaderStyles) {
            for (const bool scientific : {true, false}) {
                MadeColumn column = make_column(recipe, style, 50, Faults::kNone, random);
                for (std::string& value : column.values) {
                    value = scientific ? test::in_scientific_notation(value)
                                       : test::with_fifteen_digits(value);
                }
                const ColumnClass got = classify(column);
                INFO(told(column, got));
                CHECK(got.sensitivity >= Sensitivity::kDirectIdentifier);
                CHECK(has_evidence(got, "spreadsheet_damage"));
                const bool told_by_header = style != HeaderStyle::kNeutral;
                if (told_by_header) CHECK(got.sensitivity == Sensitivity::kDirectIdentifier);
                if (recipe.kind == Kind::kResidentId && !scientific) {
                    CHECK(got.kind == Kind::kResidentId);
                }
            }
        }
    }
    // A sum of money may be as large as that.
    MadeColumn sums{Kind::kAmount, Telling::kNothing, HeaderStyle::kChinese, "金额", "", {}};
    sums.values.assign(50, "1.5E+15");
    CHECK_FALSE(has_evidence(classify(sums), "spreadsheet_damage"));
}

TEST_CASE("classify quality: spelling, order and a lost header never make a class laxer",
          "[privacy][classify-quality]") {
    INFO("seed " << kTuningSeed);
    test::Random random(kTuningSeed);
    for (const Recipe& recipe : test::tuning_recipes()) {
        for (const HeaderStyle style : test::kHeaderStyles) {
            const MadeColumn column = make_column(recipe, style, 200, Faults::kNone, random);
            const ColumnClass before = classify(column);
            MadeColumn shuffled = column;
            std::shuffle(shuffled.values.begin(), shuffled.values.end(), random);
            ColumnClass after = classify(shuffled);
            CHECK(before == after);

            MadeColumn bare = column;
            bare.name = "col3";
            bare.label.clear();
            bare.style = HeaderStyle::kNeutral;
            after = classify(bare);
            INFO(told(column, before) << "; then " << told(bare, after));
            const bool identifier = before.sensitivity == Sensitivity::kDirectIdentifier;
            if (identifier && column.telling == Telling::kShape) {
                CHECK(after.sensitivity == Sensitivity::kDirectIdentifier);
            }
            if (before.sensitivity > Sensitivity::kConfidential) {
                CHECK(after.sensitivity > Sensitivity::kConfidential);
            }
        }
        if (default_sensitivity(recipe.kind) != Sensitivity::kDirectIdentifier) continue;
        if (recipe.telling == Telling::kNothing) continue;
        MadeColumn column = make_column(recipe, HeaderStyle::kNeutral, 200, Faults::kNone, random);
        const Sensitivity plain = classify(column).sensitivity;
        for (std::string& value : column.values) value = test::in_wide_digits(value);
        INFO("wide: " << told(column, classify(column)));
        if (test::is_spelt(recipe.kind)) CHECK(classify(column).sensitivity >= plain);
    }
}

TEST_CASE("classify quality: the order of columns is of no meaning",
          "[privacy][classify-quality]") {
    INFO("seed " << kTuningSeed);
    test::Random random(kTuningSeed);
    std::vector<MadeColumn> columns;
    for (const Recipe& recipe : test::tuning_recipes()) {
        const HeaderStyle style = test::kHeaderStyles[random() % std::size(test::kHeaderStyles)];
        columns.push_back(make_column(recipe, style, 200, Faults::kUsual, random));
        columns.back().name += "_" + std::to_string(columns.size());
    }
    const auto classify_all = [](const std::vector<MadeColumn>& all) {
        std::vector<std::string_view> header;
        std::vector<DeclaredColumn> declared;
        for (const MadeColumn& column : all) {
            header.push_back(column.name);
            declared.push_back({column.label, {}});
        }
        TableProfiler table(header, declared, 1);
        for (std::size_t row = 0; row < 200; ++row) {
            std::vector<std::string_view> fields;
            for (const MadeColumn& column : all) fields.push_back(column.values[row]);
            table.add(fields);
        }
        std::map<std::string, ColumnClass> classes;
        for (ColumnClass& one : table.classify()) classes.emplace(one.name, one);
        return classes;
    };
    const auto before = classify_all(columns);
    CHECK(before.size() == columns.size());
    std::shuffle(columns.begin(), columns.end(), random);
    CHECK(classify_all(columns) == before);
}

TEST_CASE("classify quality: of columns with a confidence at least that share is right",
          "[privacy][classify-quality]") {
    INFO("seed " << kTuningSeed);
    test::Random random(kTuningSeed + 2);
    std::array<Figures, 10> buckets{};
    for (const std::size_t rows : {std::size_t{8}, std::size_t{50}, std::size_t{300}}) {
        for (const auto& recipes : {test::tuning_recipes(), test::negative_recipes()}) {
            for (const Recipe& recipe : recipes) {
                for (const HeaderStyle style : test::kHeaderStyles) {
                    const MadeColumn column =
                        make_column(recipe, style, rows, Faults::kUsual, random);
                    const ColumnClass got = classify(column);
                    if (got.kind == Kind::kUnknown) continue;
                    CHECK(got.confidence_basis_points <= got.confidence_high_basis_points);
                    Figures& one = buckets.at(std::min<std::size_t>(
                        9, static_cast<std::size_t>(got.confidence_basis_points / 1'000)));
                    ++one.columns;
                    // The kind, or what is as strict: a number of a person is one by any name.
                    const bool right = got.kind == column.kind ||
                                       got.sensitivity == default_sensitivity(column.kind);
                    if (right) ++one.right;
                }
            }
        }
    }
    for (std::size_t i = 0; i < buckets.size(); ++i) {
        const Figures& one = buckets[i];
        std::cout << "  confidence " << i * 10 << " % and more: " << one.columns << " columns, "
                  << one.recall() << " right\n";
        if (one.columns >= 20) CHECK(one.recall() >= i * 1'000);
    }
    CHECK(buckets[9].columns + buckets[8].columns > 500);
}
