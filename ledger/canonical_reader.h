#pragma once
/// Walks over canonical JSON once, without building a tree: what checks an entry and what reads
/// one are the same code. Internal to ledger/; others call canonical_fault() or parse_entry().
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/canonical_json.h"

namespace pdx::ledger {

/// Each reader consumes exactly one thing and returns false at the first fault, after which only
/// fault() means anything.
class CanonicalReader {
public:
    explicit CanonicalReader(std::string_view bytes) : bytes_(bytes) {}

    bool read_value();
    /// Ensures: `out`, if given, holds the decoded string.
    bool read_string(std::string* out);
    bool read_integer(std::int64_t* out);
    /// Consumes exactly this text.
    bool read_exactly(std::string_view text);
    /// Counts one container that the caller opens itself with read_exactly().
    void enter() { ++depth_; }
    /// True when nothing is left.
    bool read_end();

    std::size_t offset() const { return at_; }
    const CanonicalFault& fault() const { return fault_; }

private:
    bool read_object();
    bool read_array();
    bool read_escape(std::string* out);
    bool fail(std::string_view what) { return fail_at(at_, what); }
    bool fail_at(std::size_t offset, std::string_view what);
    /// The next byte, or NUL at the end: NUL never starts anything.
    char peek() const { return at_ < bytes_.size() ? bytes_[at_] : '\0'; }

    std::string_view bytes_;
    std::size_t at_ = 0;
    unsigned depth_ = 0;
    CanonicalFault fault_;
};

}  // namespace pdx::ledger
