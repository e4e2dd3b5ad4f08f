#pragma once
/// Walks once over a canonical body beside its schema: both have their members in the same order.
/// Internal to ledger/.
#include <string_view>
#include <vector>

#include "ledger/entry_schema.h"

namespace pdx::ledger {

class SchemaWalker {
public:
    /// Requires: `body` is canonical JSON; of any other text it only finds a fault.
    SchemaWalker(std::string_view body, std::vector<OpenString>* open) : text_(body), open_(open) {}

    bool walk(const ObjectSchema& schema);
    /// After walk() returned false. `member` begins with '.' or is empty.
    const SchemaFault& fault() const { return fault_; }

private:
    bool read_object(const ObjectSchema& schema);
    bool read_list(const ValueSchema& schema);
    bool read_value(const ValueSchema& schema, std::string_view member);
    bool read_text(const ValueSchema& schema, std::string_view member);
    bool read_integer();
    /// What stands between the next two quotes.
    bool read_raw(std::string_view& raw);
    bool take(std::string_view text);
    bool take(char c) {
        if (at_ >= text_.size() || text_[at_] != c) return false;
        ++at_;
        return true;
    }
    bool fail(std::string_view what);

    std::string_view text_;
    std::vector<OpenString>* open_;
    std::size_t at_ = 0;
    SchemaFault fault_;
};

}  // namespace pdx::ledger
