#pragma once
/// A table through a policy, and what became of it.
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "privacy/compiled_operation.h"
#include "privacy/csv.h"
#include "privacy/transform.h"

namespace pdx::test {

struct Masked {
    std::string text;
    privacy::MaskReport report;
    std::string code;  ///< of the refusal; empty: it was masked
    std::string message;
    std::string pointer;
};

inline Masked mask(const std::string& csv, const std::vector<privacy::ColumnClass>& classes,
                   const std::vector<privacy::FieldRule>& rules,
                   const std::string& contract = "C-1") {
    Masked masked;
    const Secret key = privacy::contract_key(as_bytes("root key of the test"), contract);
    try {
        privacy::Masker masker({.id = "P", .version = 1, .contract_id = contract, .rules = rules},
                               classes, key.view(),
                               [&](std::string_view block) { masked.text += block; });
        privacy::CsvReader reader({},
                                  [&](const privacy::CsvRecord& record) { masker.add(record); });
        reader.feed(csv);
        reader.finish();
        masked.report = masker.finish();
    } catch (const Error& error) {
        masked.code = error.code();
        masked.message = error.text().en + error.text().zh + error.context();
        masked.pointer = error.detail().pointer;
    }
    return masked;
}

}  // namespace pdx::test
