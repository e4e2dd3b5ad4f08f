#pragma once
/// The second line of defence: looks at every value that is about to leave, whatever the policy
/// said, and stops the delivery when it finds an identifier of a person where none belongs.
///
/// The rule. In columns of text one finding is enough. In columns that were classified as amounts,
/// measures, codes, dates or coordinates a number may look like a mobile number, a bank card or a
/// resident ID by chance, so hits are compared with what chance gives; hits in excess stop the
/// delivery, with a false alarm in about one delivery of a million. E-mail addresses, plates and
/// codes of sole traders have no such excuse anywhere.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "privacy/policy.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

class OutputGuard {
public:
    /// Requires: the columns of the output in order, none of them dropped.
    explicit OutputGuard(const std::vector<PlannedColumn>& columns);

    /// Looks at the value now or, with many others, later: until finish() has returned nothing is
    /// proven. Throws: kConflict delivery.personal_data_in_output, which names column, record and
    /// kind and never the value.
    void check(std::size_t column, std::string_view value, std::uint64_t record);
    void finish();

private:
    /// A value that waits in text_.
    struct Cell {
        std::size_t end = 0;
        std::uint32_t column = 0;
        std::uint64_t record = 0;
    };
    struct Tally {
        std::uint64_t shaped = 0;
        std::uint64_t hits = 0;
    };
    struct Column {
        std::string name;
        bool statistical = false;
        Tally mobile;
        Tally card;
        Tally resident_id;
    };

    void tally(Column& column, std::string_view value, std::uint64_t record);
    [[noreturn]] static void stop(const std::string& column, Kind kind, std::uint64_t record);

    std::vector<Column> columns_;
    std::string normalised_;
    std::string text_;  ///< values that wait, an end of line behind each
    std::vector<Cell> cells_;
    std::vector<Finding> findings_;
};

}  // namespace pdx::privacy
