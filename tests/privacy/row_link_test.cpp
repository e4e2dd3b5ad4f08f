#include "privacy/row_link.h"

#include <algorithm>
#include <string>

#include "privacy/compiled_operation.h"
#include "privacy/delivery_trace.h"
#include "privacy/row_order.h"
#include "tests/support/catch.h"

namespace pdx::privacy::row_link_test {
namespace {

using Table = std::vector<std::vector<std::string>>;

constexpr std::size_t kRows = 600;
constexpr std::uint64_t kTrials = 1'000;

HashKey link_key() { return HashKey::from_bytes(Bytes(HashKey::kSize, 5)); }

PlannedColumn planned(const std::string& name, const Operation& operation) {
    PlannedColumn column;
    column.column.name = name;
    column.column.kind = Kind::kResidentId;
    column.operation = operation;
    return column;
}

/// A pseudonym, a name that several have, an amount that leaves rounded, a place in the output.
const std::vector<PlannedColumn>& plan() {
    static const std::vector<PlannedColumn> kPlan{
        planned("id", Operation::pseudonym()), planned("name", Operation::pass()),
        planned("amount", Operation::round(10)),
        planned("no", Operation::of(OperationKind::kRowNumber))};
    return kPlan;
}

Table dataset() {
    Table rows;
    for (std::size_t i = 0; i < kRows; ++i) {
        rows.push_back({"ID" + std::to_string(i), "name " + std::to_string(i % 30),
                        std::to_string(10 * i + 7), std::to_string(i)});
    }
    return rows;
}

/// What this delivery made of it.
Table delivered(const Table& source, const std::string& delivery) {
    const Secret key = row_order_key(as_bytes("root"), delivery);
    const RowLabels labels(key.view());
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < source.size(); ++i) order.emplace_back(labels.of(i), i);
    std::sort(order.begin(), order.end());
    Table rows;
    for (const auto& [label, i] : order) {
        const std::string amount = std::to_string(std::stoll(source[i][2]) / 10 * 10);
        rows.push_back(
            {"p_" + source[i][0], source[i][1], amount, std::to_string(rows.size() + 1)});
    }
    return rows;
}

std::vector<std::string_view> views(const std::vector<std::string>& row) {
    return {row.begin(), row.end()};
}

RowLink linked(const Table& leaked, const std::vector<std::string>& header, const Table& source,
               const std::optional<MarkPlan>& marks = std::nullopt) {
    RowLink link(link_key(), plan(), marks, views(header));
    for (const auto& row : leaked) link.add_leaked(views(row));
    for (const auto& row : source) link.add_record(views(row));
    return link;
}

MarkEvidence order_of(const RowLink& link, const std::string& delivery) {
    const Secret key = row_order_key(as_bytes("root"), delivery);
    return weigh_order(link.rows(), key.view(), kTrials);
}

const std::vector<std::string> kHeader{"id", "name", "amount", "no"};

}  // namespace

TEST_CASE("row link: the order names the delivery without the key of the tokens",
          "[privacy][trace]") {
    const Table source = dataset();
    const RowLink link = linked(delivered(source, "D-1"), kHeader, source);
    CHECK(link.columns() == 2);
    auto rows = link.rows();
    CHECK(rows.size() == kRows);
    std::sort(rows.begin(), rows.end());
    CHECK(std::unique(rows.begin(), rows.end()) == rows.end());
    const MarkEvidence guilty = order_of(link, "D-1");
    CHECK(guilty.looked == kRows / 2);
    CHECK(guilty.agreed == guilty.looked);
    CHECK(guilty.exponent > 50);
    CHECK(order_of(link, "D-2").exponent < 6);
}

TEST_CASE("row link: rows that are left out or doubled still tell, and sorted ones do not",
          "[privacy][trace]") {
    const Table source = dataset();
    const Table whole = delivered(source, "D-1");
    Table half;
    Table doubled;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i % 2 == 0) half.push_back(whole[i]);
        doubled.push_back(whole[i]);
        doubled.push_back(whole[i]);
    }
    CHECK(order_of(linked(half, kHeader, source), "D-1").exponent > 6);
    CHECK(order_of(linked(half, kHeader, source), "D-1").looked == kRows / 4);
    CHECK(order_of(linked(doubled, kHeader, source), "D-1").looked == kRows / 2);
    Table sorted = whole;
    std::sort(sorted.begin(), sorted.end());
    CHECK(order_of(linked(sorted, kHeader, source), "D-1").looked == kRows / 2);
    CHECK(order_of(linked(sorted, kHeader, source), "D-1").exponent < 6);
    CHECK(linked({{"x", "name 1", "nothing", "1"}}, kHeader, source).rows().empty());
}

TEST_CASE("row link: what several rows have tells none of them", "[privacy][trace]") {
    const Table source = dataset();
    const Table leaked = delivered(source, "D-1");
    // By the names alone, which twenty rows share.
    CHECK(linked(leaked, {"id", "name", "money", "no"}, source).rows().empty());
    // A column that carries marks is not the value of the dataset any more.
    const MarkPlan marks{.columns = {{.name = "amount"}}, .identities = {{"name"}}, .one_of = 3};
    const RowLink without = linked(leaked, kHeader, source, marks);
    CHECK(without.columns() == 1);
    CHECK(without.rows().empty());
    // Nothing at all to go by.
    const RowLink blind = linked(leaked, {"a", "b", "c", "d"}, source);
    CHECK(blind.columns() == 0);
    CHECK(blind.rows().empty());
    CHECK(order_of(blind, "D-1").exponent == 0);
    // By the amounts alone, under another order of columns.
    Table amounts;
    for (const auto& row : leaked) amounts.push_back({row[2], "x"});
    const RowLink found = linked(amounts, {"amount", "b"}, source);
    CHECK(found.columns() == 1);
    CHECK(order_of(found, "D-1").exponent > 50);
}

TEST_CASE("row link: of a thousand innocent deliveries none is accused",
          "[privacy][trace][property]") {
    const Table source = dataset();
    const RowLink link = linked(delivered(source, "D-1"), kHeader, source);
    for (int i = 0; i < 1'000; ++i) {
        CHECK(order_of(link, "innocent " + std::to_string(i)).exponent < 6);
    }
}

}  // namespace pdx::privacy::row_link_test
