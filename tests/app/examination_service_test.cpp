#include "marketplace/app/examination_service.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <functional>
#include <string>

#include "base/error.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using test::code_of;
using test::Market;

namespace {

const app::Caller kSomebody{PartyId::parse("01900000-0000-7000-8000-000000000009").value(),
                            domain::Role::kBuyer};

constexpr auto kCsv = privacy::TableFormat::kCsv;

/// The text in pieces of at most `piece` bytes.
app::ByteSource source_of(const std::string& text, std::size_t piece = 7) {
    return [&text, piece, at = std::size_t{0}](std::span<std::uint8_t> out) mutable {
        const std::size_t count = std::min({out.size(), text.size() - at, piece});
        std::memcpy(out.data(), text.data() + at, count);
        at += count;
        return count;
    };
}

}  // namespace

TEST_CASE("examination: no more tables at once than there are places, and each is given back",
          "[app][examination]") {
    Market market;
    app::ExaminationService examinations(market.context());
    const std::string table = "a,b\n1,2\n";
    int nested = 0;
    const auto caller_of = [](int number) {
        return app::Caller{
            PartyId::parse("01900000-0000-7000-8000-00000000000" + std::to_string(number)).value(),
            domain::Role::kBuyer};
    };
    int parties = app::kExaminationsMax;
    // While one is read another begins, of the next party.
    const std::function<privacy::FileReport()> examine = [&] {
        bool first = true;
        const auto rest = source_of(table);
        return examinations.scan(caller_of(nested % parties), kCsv,
                                 [&, rest](std::span<std::uint8_t> out) mutable {
                                     if (std::exchange(first, false)) {
                                         ++nested;
                                         examine();
                                     }
                                     return rest(out);
                                 });
    };
    CHECK(code_of([&] { examine(); }) == "examination.busy");
    CHECK(nested == app::kExaminationsMax);
    // One party alone leaves places for others.
    nested = 0;
    parties = 1;
    CHECK(code_of([&] { examine(); }) == "examination.busy");
    CHECK(nested == app::kExaminationsOfPartyMax);
    CHECK(examinations.scan(caller_of(1), kCsv, source_of(table)).records == 1);
}

TEST_CASE("examination: a table waits on disk in pieces and is read again as it came",
          "[app][examination]") {
    Market market;
    app::ExaminationService examinations(market.context());
    std::string table = "sex,region,note\n";
    constexpr std::uint64_t kRows = 60'000;
    for (std::uint64_t row = 0; row < kRows; ++row) {
        table += (row % 2 == 0 ? "m" : "f") + std::string(",32021") + std::to_string(row % 3) +
                 ",\"a note, with a comma " + std::to_string(row) + "\"\n";
    }
    REQUIRE(table.size() > (std::size_t{2} << 20U));
    app::RiskQuestion question;
    question.columns.quasi = {0, 1};
    const app::ExaminedRisk risk =
        examinations.measure(kSomebody, kCsv, source_of(table, std::size_t{50'000}), question);
    CHECK(risk.found.report.records == kRows);
    CHECK(risk.found.report.classes == 6);
    CHECK(risk.found.report.size_min == kRows / 6);
    const auto files = std::filesystem::recursive_directory_iterator(market.folder() / "blobs");
    CHECK(std::none_of(begin(files), end(files),
                       [](const auto& entry) { return entry.is_regular_file(); }));
}

TEST_CASE("examination: a table that is too large is given up at the limit", "[app][examination]") {
    Market market;
    app::ExaminationService examinations(market.context(), 100);
    const std::string table = "a\n" + std::string(98, '1');
    CHECK(examinations.scan(kSomebody, kCsv, source_of(table)).records == 1);
    const std::string more = table + "1";
    CHECK(code_of([&] { examinations.scan(kSomebody, kCsv, source_of(more)); }) ==
          "examination.too_large");
    CHECK(code_of([&] { examinations.measure(kSomebody, kCsv, source_of(more), {}); }) ==
          "examination.too_large");
}
