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

#include "privacy/column_batch.h"
#include "privacy/pattern_set.h"
#include "privacy/policy.h"
#include "privacy/scanner.h"

namespace pdx::privacy {

class OutputGuard {
public:
    /// Requires: the columns of the output in order, none of them dropped. `patterns` may be null
    /// and must outlive the guard; what fits one stops a delivery anywhere but in a column of its
    /// own.
    explicit OutputGuard(const std::vector<PlannedColumn>& columns,
                         const PatternSet* patterns = nullptr);

    /// `first`: the number of the first value's record; the others follow.
    /// Throws: kConflict delivery.personal_data_in_output, which names column, record and kind and
    /// never the value.
    void check(std::size_t column, const ColumnBatch& values, std::uint64_t first);

private:
    struct Tally {
        std::uint64_t shaped = 0;
        std::uint64_t hits = 0;
    };
    struct Column {
        std::string name;
        bool statistical = false;
        bool local = false;  ///< of numbers of a pattern, which the policy lets out
        Tally mobile;
        Tally card;
        Tally resident_id;
    };

    bool counts(Column& column, std::string_view value, std::uint64_t record);
    void tally(Column& column, std::string_view value, std::uint64_t record);
    [[noreturn]] static void stop(const std::string& column, Kind kind, std::uint64_t record);

    const PatternSet* patterns_;
    std::vector<Column> columns_;
    std::string normalised_;
    ColumnBatch texts_;  ///< of a column of numbers: what is none, and the records of it
    std::vector<std::uint64_t> records_;
    std::vector<Finding> findings_;
};

}  // namespace pdx::privacy
