#include "marketplace/app/replay_compare.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/check.h"
#include "ledger/merkle.h"
#include "ledger/tile.h"
#include "marketplace/store/audit_store.h"

namespace pdx::app {
namespace {

using nlohmann::json;

/// What a column holds while there is nothing to hold. The ledger leaves it out.
bool is_empty(const std::string& value) {
    return value == "null" || value == "\"\"" || value == "\"0\"";
}

bool is_below(std::string_view member, std::string_view list) {
    return member.size() > list.size() && member.starts_with(list) && member[list.size()] == '/';
}

bool has_list(const ReplayedEntity& entity, std::string_view list) {
    const auto first = entity.members.lower_bound(std::string(list) + "/");
    return first != entity.members.end() && is_below(first->first, list);
}

class DatabaseComparison {
public:
    DatabaseComparison(const ReplayedState& ledger, sql::Connection& db,
                       const CompareProgress& progress)
        : ledger_(ledger),
          db_(db),
          progress_(progress) {}

    void compare(const store::AuditedType& type) {
        auto told = ledger_.lower_bound({std::string(type.type), ""});
        std::string after;
        while (true) {
            const auto rows = store::audit_page(db_, type.type, after);
            for (const store::AuditRow& row : rows) {
                const EntityName name{std::string(type.type), row.id};
                for (; told != ledger_.end() && told->first < name; ++told) lose(told);
                if (told == ledger_.end() || told->first != name) {
                    result_.add({name, "", std::nullopt, "", std::nullopt});
                } else {
                    compare_row(type, row, told->first, told->second);
                    ++told;
                }
                count();
            }
            if (static_cast<std::int64_t>(rows.size()) < store::kAuditPageMax) break;
            after = rows.back().id;
        }
        for (; told != ledger_.end() && told->first.first == type.type; ++told) lose(told);
    }

    Comparison take() { return std::move(result_); }

private:
    void lose(ReplayedState::const_iterator told) {
        result_.add({told->first, "", "", std::nullopt, told->second.changed_by});
        count();
    }

    void count() {
        ++result_.entities;
        if (progress_) progress_(result_.entities, ledger_.size());
    }

    void compare_row(const store::AuditedType& type, const store::AuditRow& row,
                     const EntityName& name, const ReplayedEntity& told) {
        std::set<std::string_view> seen;
        for (const auto& [member, value] : row.members) {
            seen.insert(member);
            const auto known = told.members.find(member);
            if (known == told.members.end()) {
                const bool left_out = !type.optional_list.empty() &&
                                      is_below(member, type.optional_list) &&
                                      !has_list(told, type.optional_list);
                if (is_empty(value) || left_out) continue;
                result_.add({name, member, std::nullopt, value, std::nullopt});
            } else if (known->second.value != value) {
                result_.add({name, member, known->second.value, value, known->second.set_by});
            }
        }
        for (const std::string_view list : type.lists) {
            const std::string first = std::string(list) + "/";
            for (auto member = told.members.lower_bound(first);
                 member != told.members.end() && is_below(member->first, list); ++member) {
                if (seen.contains(member->first)) continue;
                result_.add({name, member->first, member->second.value, std::nullopt,
                             member->second.set_by});
            }
        }
    }

    const ReplayedState& ledger_;
    sql::Connection& db_;
    const CompareProgress& progress_;
    Comparison result_;
};

void compare_members(const EntityName& name, const ReplayedEntity& one, const ReplayedEntity& other,
                     Comparison& result) {
    for (const auto& [member, told] : one.members) {
        const std::string* value = other.find(member);
        if (value != nullptr && *value == told.value) continue;
        result.add(
            {name, member, told.value, value ? std::optional(*value) : std::nullopt, told.set_by});
    }
    for (const auto& [member, told] : other.members) {
        if (one.find(member) == nullptr) {
            result.add({name, member, std::nullopt, told.value, std::nullopt});
        }
    }
}

json value_or_null(const std::optional<std::string>& value) {
    return value && !value->empty() ? json::parse(*value, nullptr, false) : json();
}

}  // namespace

void Comparison::add(Difference difference) {
    ++count;
    if (differences.size() < kKeptMax) differences.push_back(std::move(difference));
}

Comparison compare_with_database(const ReplayedState& ledger, sql::Connection& db,
                                 const std::vector<std::string>& types,
                                 const CompareProgress& progress) {
    DatabaseComparison comparison(ledger, db, progress);
    for (const store::AuditedType& type : store::audited_types()) {
        if (types.empty() || std::find(types.begin(), types.end(), type.type) != types.end()) {
            comparison.compare(type);
        }
    }
    return comparison.take();
}

Comparison compare_states(const ReplayedState& ledger, const ReplayedState& other) {
    Comparison result;
    auto one = ledger.begin();
    auto two = other.begin();
    while (one != ledger.end() || two != other.end()) {
        ++result.entities;
        if (two == other.end() || (one != ledger.end() && one->first < two->first)) {
            result.add({one->first, "", "", std::nullopt, one->second.changed_by});
            ++one;
        } else if (one == ledger.end() || two->first < one->first) {
            result.add({two->first, "", std::nullopt, "", std::nullopt});
            ++two;
        } else {
            compare_members(one->first, one->second, two->second, result);
            ++one;
            ++two;
        }
    }
    return result;
}

json to_json(const Difference& difference) {
    json row{{"type", difference.entity.first},
             {"id", difference.entity.second},
             {"member", difference.member},
             {"in_ledger", difference.ledger.has_value()},
             {"in_other", difference.other.has_value()},
             {"ledger", value_or_null(difference.ledger)},
             {"other", value_or_null(difference.other)}};
    if (difference.set_by) row["entry"] = *difference.set_by;
    return row;
}

json to_json(const IllegalStep& step) {
    return {{"entry", step.index},
            {"kind", step.kind},
            {"type", step.entity.first},
            {"id", step.entity.second},
            {"detail", step.detail}};
}

std::string describe(const Difference& difference, std::string_view other_name) {
    const std::string name = difference.entity.first + " " + difference.entity.second;
    const std::string other(other_name);
    const std::string entry =
        difference.set_by ? " (entry " + std::to_string(*difference.set_by) + ")" : "";
    if (difference.member.empty()) {
        return difference.ledger ? name + ": told by the ledger" + entry + ", absent in " + other
                                 : name + ": in " + other + ", and the ledger does not tell of it";
    }
    return name + ": " + difference.member + " is " + difference.ledger.value_or("not told") +
           " in the ledger" + entry + ", " + difference.other.value_or("absent") + " in " + other;
}

std::string describe(const IllegalStep& step) {
    return "entry " + std::to_string(step.index) + " (" + step.kind + "), " + step.entity.first +
           " " + step.entity.second + ": " + step.detail;
}

void replay_log(Replay& replay, ledger::TileReader& log, std::uint64_t begin, std::uint64_t end,
                const CompareProgress& progress) {
    for (std::uint64_t index = begin; index < end;) {
        const std::uint64_t bundle = index / ledger::kTileWidth;
        const std::uint64_t first = bundle * ledger::kTileWidth;
        const auto width =
            static_cast<unsigned>(std::min<std::uint64_t>(ledger::kTileWidth, end - first));
        const Bytes bytes = log.read_bundle(bundle, width).value_or(Bytes());
        const auto decoded = ledger::decode_bundle(bytes, width);
        if (decoded.entries.size() != width) {
            throw LedgerViolation("entries " + std::to_string(first) + " to " +
                                  std::to_string(first + width - 1) + " cannot be read");
        }
        const Bytes hashes = log.read_tile(0, bundle, width).value_or(Bytes());
        if (hashes.size() != width * Digest::kSize) {
            throw LedgerViolation("the hashes of entries " + std::to_string(first) + " to " +
                                  std::to_string(first + width - 1) + " cannot be read");
        }
        for (; index < first + width; ++index) {
            const ByteView entry = decoded.entries[index - first].bytes;
            if (ledger::leaf_hash(entry) != ledger::tile_hash(hashes, index - first)) {
                throw LedgerViolation("entry " + std::to_string(index) +
                                      " is not what was hashed: check the log first (pdx audit "
                                      "fsck, pdx-verify)");
            }
            const auto parsed = ledger::parse_entry(as_text(entry));
            if (parsed.reading == ledger::EntryReading::kNotCanonical) {
                throw LedgerViolation("entry " + std::to_string(index) + " is not canonical JSON");
            }
            replay.apply(index, parsed.entry);
        }
        if (progress) progress(index - begin, end - begin);
    }
}

}  // namespace pdx::app
