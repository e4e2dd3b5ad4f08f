/// The number of the row: told by its counting, and never delivered as it was.
#include <cstdint>
#include <string>
#include <vector>

#include "privacy/classify.h"
#include "privacy/column_profiler.h"
#include "privacy/policy.h"
#include "tests/privacy/support/column.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::privacy;

namespace {

using Values = std::vector<std::string>;

Kind kind_of(const std::string& name, const Values& values, const std::string& label = {}) {
    ColumnProfiler profiler(name, {label, {}});
    for (std::size_t row = 0; row < values.size(); ++row) profiler.add(values[row], row);
    return profiler.classify().kind;
}

/// `count` numbers from `first` on, `width` digits wide.
Values counted(std::uint64_t first, std::size_t count, std::uint64_t step = 1,
               std::size_t width = 1) {
    Values values;
    for (std::size_t i = 0; i < count; ++i) {
        std::string number = std::to_string(first + i * step);
        if (number.size() < width) number.insert(0, width - number.size(), '0');
        values.push_back(std::move(number));
    }
    return values;
}

}  // namespace

TEST_CASE("serial number: rows that are counted are told, with a name that says so or without",
          "[privacy][classify]") {
    for (const char* name : {"序号", "行号", "row_no", "seq", "rowNumber"}) {
        INFO(name);
        CHECK(kind_of(name, counted(1, 3)) == Kind::kSerialNumber);
        CHECK(kind_of(name, counted(1, 200)) == Kind::kSerialNumber);
        CHECK(kind_of(name, counted(7, 200, 3)) == Kind::kSerialNumber);  // a filtered table
    }
    for (const char* name : {"col1", "id", "编号", "no"}) {
        INFO(name);
        CHECK(kind_of(name, counted(1, 200)) == Kind::kSerialNumber);
        CHECK(kind_of(name, counted(0, 20)) == Kind::kSerialNumber);
        CHECK(kind_of(name, counted(202'600'001, 200)) == Kind::kSerialNumber);
        CHECK(kind_of(name, counted(1, 200, 1, 8)) == Kind::kSerialNumber);
        // Steps of their own are the thing's.
        CHECK(kind_of(name, counted(10, 200, 10)) != Kind::kSerialNumber);
        CHECK(kind_of(name, counted(1, 19)) != Kind::kSerialNumber);
    }
    CHECK(kind_of("a", counted(1, 50), "序号") == Kind::kSerialNumber);
}

TEST_CASE("serial number: hands mistype one in twenty, and some values are missing",
          "[privacy][classify]") {
    for (const char* name : {"序号", "col1"}) {
        Values values = counted(1, 400);
        for (std::size_t i = 0; i < values.size(); i += 20) values[i] = i % 40 == 0 ? "" : "99999";
        INFO(name);
        CHECK(kind_of(name, values) == Kind::kSerialNumber);
    }
}

TEST_CASE("serial number: the sample tells it of a table of any length", "[privacy][classify]") {
    const std::string_view header[] = {"x", "y"};
    TableProfiler profiler(header, {}, 7);
    for (std::uint64_t row = 0; row < 50'000; ++row) {
        const std::string number = std::to_string(1'000 + row);
        const std::string other = std::to_string(row * 7'919 % 50'000);
        const std::string_view fields[] = {number, other};
        profiler.add(fields);
    }
    REQUIRE(profiler.sampled() < 50'000);
    const auto columns = profiler.classify();
    CHECK(columns[0].kind == Kind::kSerialNumber);
    CHECK(columns[1].kind != Kind::kSerialNumber);
}

TEST_CASE("serial number: what counts for itself is none", "[privacy][classify]") {
    CHECK(kind_of("年份", counted(1990, 30)) == Kind::kDate);
    CHECK(kind_of("col1", counted(1990, 30)) != Kind::kSerialNumber);
    CHECK(kind_of("站点编号", counted(1, 200)) == Kind::kCode);
    CHECK(kind_of("人数", counted(1, 200)) == Kind::kMeasure);
    // A series of devices, and one that does not ascend.
    Values series;
    for (int i = 0; i < 100; ++i) series.push_back("SN" + std::to_string(i * 37 % 100));
    CHECK(kind_of("序号", series) == Kind::kCode);
    Values shuffled;
    for (int i = 0; i < 100; ++i) shuffled.push_back(std::to_string(i * 37 % 100));
    CHECK(kind_of("序号", shuffled) == Kind::kCode);
}

TEST_CASE("serial number: it leaves as another number or not at all", "[privacy][policy]") {
    const ColumnClass serial = pdx::test::column("序号", Kind::kSerialNumber);
    CHECK(default_operation(serial) == Operation::of(OperationKind::kRowNumber));
    for (const OperationKind kind : operation_kinds()) {
        INFO(operation_code(kind));
        const bool hides = kind == OperationKind::kDrop || kind == OperationKind::kRedact ||
                           kind == OperationKind::kRowNumber || kind == OperationKind::kPseudonym;
        CHECK(is_permitted(serial, example_of(kind)) == hides);
        if (!hides) {
            CHECK(effective_operation(serial, example_of(kind)).kind == OperationKind::kRowNumber);
        }
    }
    // Whatever a person says that it is.
    for (const Sensitivity one :
         {Sensitivity::kConfidential, Sensitivity::kQuasiIdentifier, Sensitivity::kSensitive,
          Sensitivity::kDirectIdentifier, Sensitivity::kFreeText, Sensitivity::kUnknown}) {
        ColumnClass declared = serial;
        declared.sensitivity = one;
        CHECK_FALSE(is_permitted(declared, Operation::pass()));
        CHECK(is_permitted(declared, default_operation(declared)));
    }
}
