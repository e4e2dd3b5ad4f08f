#include "privacy/row_order.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "base/crypto.h"
#include "base/error.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

class OrderSpill final : public RowSpill {
public:
    void append(std::size_t bucket, std::string_view bytes) override {
        buckets_[bucket] += bytes;
        ++appended;
    }
    std::string take(std::size_t bucket) override {
        most_bytes = std::max(most_bytes, buckets_[bucket].size());
        return std::move(buckets_[bucket]);
    }
    std::size_t appended = 0;
    std::size_t most_bytes = 0;

private:
    std::map<std::size_t, std::string> buckets_;
};

Secret order_key(const std::string& contract, const std::string& delivery = "D-1") {
    return row_order_key(as_bytes("key of " + contract), delivery);
}

/// Fields of many lengths, empty ones among them.
std::vector<std::string> ordered_row(std::uint64_t number) {
    return {std::to_string(number), std::string(number % 37, 'x'),
            number % 5 == 0 ? "" : "文,\"\n"};
}

/// Where each row of the input went. Checks that every row leaves once and whole.
std::vector<std::uint64_t> row_places(const Secret& key, std::uint64_t rows, ShuffleSize size,
                                      OrderSpill& spill) {
    RowShuffler shuffler(key.view(), size, spill);
    for (std::uint64_t i = 0; i < rows; ++i) {
        const auto row = ordered_row(i);
        const std::vector<std::string_view> fields(row.begin(), row.end());
        shuffler.add(fields);
    }
    std::vector<std::uint64_t> to(rows, UINT64_MAX);
    std::uint64_t next = 0;
    shuffler.finish([&](std::uint64_t position, RowShuffler::Fields fields) {
        REQUIRE(position == next++);
        const std::uint64_t number = std::stoull(std::string(fields[0]));
        const auto row = ordered_row(number);
        REQUIRE(std::equal(fields.begin(), fields.end(), row.begin(), row.end()));
        REQUIRE(to.at(number) == UINT64_MAX);
        to.at(number) = position;
    });
    REQUIRE(next == rows);
    return to;
}

std::vector<std::uint64_t> row_places(const Secret& key, std::uint64_t rows) {
    OrderSpill spill;
    auto to = row_places(key, rows, {}, spill);
    CHECK(spill.appended == 0);
    return to;
}

/// Spearman's rank correlation. Unit: parts per thousand.
std::int64_t rank_correlation(const std::vector<std::uint64_t>& a,
                              const std::vector<std::uint64_t>& b) {
    const auto n = static_cast<double>(a.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double distance = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += distance * distance;
    }
    return static_cast<std::int64_t>(1000 * (1 - 6 * sum / (n * (n * n - 1))));
}

}  // namespace

TEST_CASE("row order: every row leaves once, whole and in the order of its key alone",
          "[privacy][row_order]") {
    for (const std::uint64_t rows : {0U, 1U, 2U, 3U, 100U, 4'000U}) {
        const auto once = row_places(order_key("C-1"), rows);
        CHECK(once == row_places(order_key("C-1"), rows));
        if (rows < 100) continue;
        CHECK(once != row_places(order_key("C-2"), rows));
        CHECK(once != row_places(order_key("C-1", "D-2"), rows));
        // The memory, the estimate and the buckets do not show.
        for (const std::uint64_t expected : {200'000U, 2'000'000U, 2'000'000'000U}) {
            OrderSpill spill;
            const ShuffleSize size{.bytes_expected = expected, .memory_bytes = 400'000};
            CHECK(row_places(order_key("C-1"), rows, size, spill) == once);
            CHECK((spill.appended > 0) == (rows == 4'000));
            CHECK(spill.most_bytes <= size.memory_bytes / 2);
        }
    }
}

TEST_CASE("row order: positions of two contracts, and of input and output, do not correlate",
          "[privacy][row_order]") {
    constexpr std::uint64_t kRows = 10'000;
    std::vector<std::uint64_t> as_it_came(kRows);
    std::iota(as_it_came.begin(), as_it_came.end(), 0U);
    CHECK(rank_correlation(as_it_came, as_it_came) == 1000);  // the measure itself
    std::vector<std::vector<std::uint64_t>> orders{as_it_came};
    for (int i = 0; i < 8; ++i) orders.push_back(row_places(order_key(std::to_string(i)), kRows));
    for (std::size_t a = 0; a < orders.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            // The standard deviation of chance is 10.
            CHECK(std::abs(rank_correlation(orders[a], orders[b])) < 50);
        }
    }
}

TEST_CASE("row order: a row may come to every place, and neighbours part", "[privacy][row_order]") {
    // All 24 orders of four rows, about equally often: chi-square with 23 degrees of freedom, which
    // is above 58 once in 20,000 times; the keys are fixed.
    std::map<std::vector<std::uint64_t>, int> seen;
    constexpr int kKeys = 2'400;
    for (int i = 0; i < kKeys; ++i) ++seen[row_places(order_key(std::to_string(i)), 4)];
    REQUIRE(seen.size() == 24);
    double chi_square = 0;
    for (const auto& [order, count] : seen) chi_square += (count - 100) * (count - 100) / 100.0;
    CHECK(chi_square < 58);

    const auto to = row_places(order_key("C-1"), 10'000);
    int near = 0;
    for (std::size_t i = 1; i < to.size(); ++i) {
        near += std::max(to[i], to[i - 1]) - std::min(to[i], to[i - 1]) < 100 ? 1 : 0;
    }
    CHECK(near < 300);  // 2 % by chance; a window of 1,000 rows gives a fifth
}

TEST_CASE("row order: more than was expected is refused, and nothing is taken afterwards",
          "[privacy][row_order]") {
    OrderSpill spill;
    RowShuffler shuffler(order_key("C-1").view(), {.bytes_expected = 10, .memory_bytes = 10'000},
                         spill);
    const std::string text(100, 'x');
    const std::vector<std::string_view> row{text};
    try {
        for (int i = 0; i < 1'000; ++i) shuffler.add(row);
        FAIL("taken");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::kTooLarge);
        CHECK(error.code() == "row_order.bucket_too_large");
    }
    CHECK_THROWS(shuffler.add(row));
    CHECK_THROWS(shuffler.finish([](std::uint64_t, RowShuffler::Fields) {}));
}

TEST_CASE("row order: numbers of records are issued anew", "[privacy][row_order]") {
    RowNumbers numbers(1);
    std::vector<std::string_view> row{"a", "4711", "b"};
    numbers.renumber(0, row);
    CHECK(row == std::vector<std::string_view>{"a", "1", "b"});
    numbers.renumber(41, row);
    CHECK(row == std::vector<std::string_view>{"a", "42", "b"});
    std::vector<std::string_view> narrow{"a"};
    CHECK_THROWS(numbers.renumber(1, narrow));
}
