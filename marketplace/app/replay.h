#pragma once
/// The market's state rebuilt from ledger entries alone (design D5). A pure fold: each entry is
/// held against the state machines of marketplace/domain and the table of what may be booked, and
/// what it may not say is named. Knows no database; marketplace/app/replay_compare.h does.
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/entry.h"

namespace pdx::app {

/// One fact about an entity. Shape of `value`: JSON text of a scalar, or of an array of scalars.
struct ReplayedMember {
    std::string value;
    std::uint64_t set_by = 0;  ///< index of the entry that gave it this value

    bool operator==(const ReplayedMember&) const = default;
};

/// Members by path: `state`, `lines/0/amount`. What is nested stays flat, so that a difference has
/// a name.
struct ReplayedEntity {
    std::uint64_t created_by = 0;
    std::uint64_t changed_by = 0;  ///< index of the entry that last changed a member
    std::map<std::string, ReplayedMember, std::less<>> members;

    /// The JSON text of a member; nullptr when it has none.
    const std::string* find(std::string_view member) const;
    /// The value of a member that is a string.
    std::optional<std::string> text(std::string_view member) const;
};

/// Type and id: order and its UUID, account and its key.
using EntityName = std::pair<std::string, std::string>;
using ReplayedState = std::map<EntityName, ReplayedEntity>;

/// An entry that says what may not be.
struct IllegalStep {
    std::uint64_t index = 0;
    std::string kind;
    EntityName entity;
    std::string detail;  ///< a sentence for people; no values of the market
};

/// Thread: not shared. Memory: constant per entity.
class Replay {
public:
    /// Unit: illegal steps that are kept; the others are counted.
    static constexpr std::size_t kIllegalKeptMax = 20;

    /// Entries in the order of the log. They may be a selection that holds every entry which tells
    /// of an order, its deliveries, settlement and disputes, or of another entity and those that
    /// nest it. What an illegal entry says is taken over, so that one does not make all later ones
    /// illegal. Does not throw for anything that an entry holds.
    void apply(std::uint64_t index, const ledger::Entry& entry);

    const ReplayedState& state() const { return state_; }
    const std::vector<IllegalStep>& illegal() const { return illegal_; }
    std::uint64_t illegal_count() const { return illegal_count_; }
    std::uint64_t applied() const { return applied_; }
    /// Entries of a kind that this program does not know: no fault (LEDGER_FORMAT section 2).
    std::uint64_t uninterpreted() const { return uninterpreted_; }

private:
    struct Step;

    void change(const Step& step, std::string_view type, const std::string& id,
                const nlohmann::json& facts);
    void check_state(const Step& step, const EntityName& name, const ReplayedEntity& before,
                     const nlohmann::json& facts, bool is_new);
    void check_return(const Step& step, const EntityName& name, const std::string& before,
                      const std::string& after, const nlohmann::json& facts);
    void take_extra(const Step& step);
    void take_trade(const Step& step, ReplayedEntity& entity);
    void take_private_part(const Step& step);
    void take_erasure(const Step& step);
    bool is_order_over(const std::string& type, const std::string& id) const;
    void check_order_money(const Step& step, const std::string& order,
                           const std::optional<std::string>& refunded_before,
                           std::int64_t refunded);
    bool post(const Step& step, const std::string& order, const nlohmann::json& journal,
              std::int64_t& refunded);
    void set(const Step& step, ReplayedEntity& entity, const std::string& member,
             std::string value);
    void copy(const Step& step, ReplayedEntity& entity, const std::string& member,
              std::string_view from);
    void blame(const Step& step, EntityName entity, std::string detail);

    ReplayedState state_;
    std::vector<IllegalStep> illegal_;
    std::uint64_t illegal_count_ = 0;
    std::uint64_t applied_ = 0;
    std::uint64_t uninterpreted_ = 0;
};

/// The members as one JSON object, nested again.
nlohmann::json to_json(const ReplayedEntity& entity);

}  // namespace pdx::app
