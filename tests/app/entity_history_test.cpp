#include "marketplace/app/entity_history.h"

#include "tests/support/catch.h"
#include "tests/support/stored_log.h"

using namespace pdx;
using app::check_links;
using app::HistoryItem;
using app::HistoryPlace;

namespace {

std::vector<ledger::StoredEntry> history_of_o1(test::StoredLog& log) {
    log.grow_to(100);
    const auto connection = log.database().open();
    auto entries = ledger::LogStore(*connection, log.origin())
                       .find({.entity_type = "order", .entity_id = "o1"}, 0, 1'000);
    REQUIRE(entries.size() > 10);
    return entries;
}

/// "3 missing, 7 other_leaf": the positions that do not hold.
std::string faults(const std::vector<HistoryItem>& items) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!items[i].fault) continue;
        CHECK_FALSE(items[i].fault->text.zh.empty());
        text += (text.empty() ? "" : ", ") + std::to_string(i) + " ";
        text += items[i].fault->code;
    }
    return text;
}

}  // namespace

TEST_CASE("entity history: what was left out or exchanged shows", "[app][entity_history]") {
    test::StoredLog log;
    const auto whole = history_of_o1(log);
    CHECK(faults(check_links(whole, {})).empty());
    CHECK(check_links(whole, {}).at(4).prev->index == whole.at(3).index);
    for (std::size_t i = 0; i + 1 < whole.size(); ++i) {
        auto entries = whole;
        entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(faults(check_links(entries, {})) ==
              std::to_string(i) + (i == 0 ? " first_with_prev" : " missing"));
    }
    auto entries = whole;
    entries.at(5).leaf.value[0] ^= 1U;
    CHECK(faults(check_links(entries, {})) == "6 other_leaf");
    entries = whole;
    std::swap(entries.at(5), entries.at(6));
    CHECK(faults(check_links(entries, {})) == "5 missing, 6 reordered, 7 missing");
    entries = whole;
    entries.at(2).parsed = ledger::parse_entry("{}");
    CHECK(faults(check_links(entries, {})) == "2 cannot_interpret");
    entries = whole;
    entries.push_back(entries.front());
    CHECK(faults(check_links(entries, {})) == std::to_string(whole.size()) + " reordered");
}

TEST_CASE("entity history: a page goes on where the one before it ended", "[app][entity_history]") {
    test::StoredLog log;
    const auto whole = history_of_o1(log);
    const ledger::PreviousEntry before{whole.at(3).index, whole.at(3).leaf};
    const std::vector<ledger::StoredEntry> rest(whole.begin() + 4, whole.end());
    CHECK(faults(check_links(rest, before)).empty());
    CHECK(faults(check_links(rest, {})) == "0 first_with_prev");
    const HistoryPlace place{77, before};
    const auto read = HistoryPlace::parse(place.text());
    REQUIRE(read.has_value());
    CHECK(read->from == 77);
    CHECK(read->before == before);
    CHECK(HistoryPlace::parse("5")->from == 5);
    CHECK_FALSE(HistoryPlace::parse("5")->before.has_value());
    for (const char* bad : {"", "x", "5 6", "5 6 7", "-1", "5 6 zz", " 5"}) {
        INFO(bad);
        CHECK_FALSE(HistoryPlace::parse(bad).has_value());
    }
}
