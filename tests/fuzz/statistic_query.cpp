#include "privacy/statistic_query.h"

#include "base/check.h"
#include "base/error.h"
#include "tests/fuzz/targets.h"

namespace pdx::fuzz {

/// A query has one text, and whatever is read is well formed.
void statistic_query(ByteView bytes) {
    privacy::StatisticQuery query;
    try {
        query = privacy::read_query(as_text(bytes));
    } catch (const Error& refused) {
        PDX_CHECK(refused.code() == "statistic.query");
        return;
    }
    PDX_CHECK(privacy::read_query(privacy::query_text(query)) == query);
}

}  // namespace pdx::fuzz
