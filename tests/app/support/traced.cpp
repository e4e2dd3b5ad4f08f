#include "tests/app/support/traced.h"

#include "base/crypto.h"
#include "privacy/csv.h"

namespace pdx::test {

app::LeakTrace traced(Trade& trade, const std::string& csv) {
    constexpr int kLimit = 6;
    privacy::LeakedTokens tokens;
    const auto read = [&csv](const privacy::CsvReader::Handler& handler) {
        privacy::CsvReader reader({}, handler);
        reader.feed(csv);
        reader.finish();
    };
    read([&tokens](const privacy::CsvRecord& record) {
        if (record.number > 0) tokens.add(record.fields);
    });
    const auto db = trade.market.open();
    const auto& context = trade.market.context();
    return app::trace_leak(*db, context.blobs, context.master_key.view(),
                           {sha256(csv), tokens, read}, kLimit,
                           [](std::uint64_t, std::uint64_t) {});
}

}  // namespace pdx::test
