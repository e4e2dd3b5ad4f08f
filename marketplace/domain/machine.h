#pragma once
/// What all state machines share: one table of names per enum, one table of transitions per
/// machine, and the functions that read them. A machine's header holds its enums and its tables;
/// its guard rules are functions beside them. No I/O, no clock.
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/error.h"

namespace pdx::domain {

/// `name` is the stable word in SQL, JSON and the ledger; `zh` is for people.
template <class Enum>
struct NameRow {
    Enum value;
    std::string_view name;
    std::string_view zh;
};

/// The noun of a machine: the prefix of its error codes, and its Chinese name.
struct Noun {
    std::string_view name;
    std::string_view zh;
};

template <class State, class Event>
struct Transition {
    State from;
    Event event;
    State to;
};

template <class State, class Event>
struct Machine {
    Noun noun;
    State initial;
    std::span<const Transition<State, Event>> table;
};

/// An enum with a table of names: `names_of(Enum)` is found beside it.
template <class Enum>
concept Named = requires(Enum value) { names_of(value); };

/// A state enum with a machine: `machine_of(State)` is found beside it.
template <class State>
concept Stateful = Named<State> && requires(State value) { machine_of(value); };

/// Requires: `value` is an enumerator; the table is in the order of the enum (is_well_formed).
template <Named Enum>
constexpr const NameRow<Enum>& row_of(Enum value) {
    const auto rows = names_of(value);
    const auto index = static_cast<std::size_t>(value);
    PDX_CHECK(index < rows.size());
    return rows[index];
}

/// The stable lower_snake word. Do not rename one that has reached disk.
template <Named Enum>
constexpr std::string_view to_string(Enum value) {
    return row_of(value).name;
}

/// The Chinese label.
template <Named Enum>
constexpr std::string_view label_zh(Enum value) {
    return row_of(value).zh;
}

/// The inverse of to_string.
template <Named Enum>
constexpr std::optional<Enum> parse(std::string_view name) {
    for (const auto& row : names_of(Enum{})) {
        if (row.name == name) return row.value;
    }
    return std::nullopt;
}

/// The inverse of label_zh, for documents that carry the Chinese term (一般-2级, 不予开放).
template <Named Enum>
constexpr std::optional<Enum> parse_label_zh(std::string_view label) {
    for (const auto& row : names_of(Enum{})) {
        if (row.zh == label) return row.value;
    }
    return std::nullopt;
}

/// Where `event` leads from `state`; nothing if the state does not take it.
template <Stateful State, Named Event>
constexpr std::optional<State> next(State state, Event event) {
    for (const Transition<State, Event>& row : machine_of(state).table) {
        if (row.from == state && row.event == event) return row.to;
    }
    return std::nullopt;
}

/// The names of the events that `state` takes, in the order of the table.
template <Stateful State>
std::vector<std::string> allowed(State state) {
    std::vector<std::string> events;
    for (const auto& row : machine_of(state).table) {
        if (row.from == state) events.emplace_back(to_string(row.event));
    }
    return events;
}

/// True when no event leads out of `state`.
template <Stateful State>
constexpr bool is_terminal(State state) {
    for (const auto& row : machine_of(state).table) {
        if (row.from == state && row.to != state) return false;
    }
    return true;
}

/// A state or event as it is shown to people.
struct Label {
    std::string_view name;
    std::string_view zh;
};

template <Named Enum>
constexpr Label label(Enum value) {
    return {to_string(value), label_zh(value)};
}

/// Throws: kConflict `<noun>.transition` with the state and what it would take, always.
[[noreturn]] void refuse_transition(Noun noun, Label state, Label event,
                                    const std::vector<Label>& allowed);

/// The state after `event`.
/// Throws: kConflict `<noun>.transition` when the state does not take the event; the caller's
/// state is a value and so unchanged.
template <Stateful State, Named Event>
State apply(State state, Event event) {
    if (const std::optional<State> after = next(state, event)) return *after;
    std::vector<Label> events;
    for (const auto& row : machine_of(state).table) {
        if (row.from == state) events.push_back(label(row.event));
    }
    refuse_transition(machine_of(state).noun, label(state), label(event), events);
}

/// True when the rows follow the enum from 0 without gaps and no name occurs twice.
template <class Enum>
constexpr bool names_are_well_formed(std::span<const NameRow<Enum>> rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (static_cast<std::size_t>(rows[i].value) != i || rows[i].name.empty() ||
            rows[i].zh.empty()) {
            return false;
        }
        for (std::size_t j = 0; j < i; ++j) {
            if (rows[i].name == rows[j].name) return false;
        }
    }
    return !rows.empty();
}

/// True when the machine is deterministic, every state can be reached from the initial one, and
/// every event occurs. Checked at compile time in each machine's .cpp.
template <class State, class Event>
constexpr bool is_well_formed(const Machine<State, Event>& machine) {
    const auto states = names_of(State{});
    const auto events = names_of(Event{});
    if (!names_are_well_formed(states) || !names_are_well_formed(events)) return false;
    std::array<bool, 64> used{};
    std::array<bool, 64> reached{};
    reached[static_cast<std::size_t>(machine.initial)] = true;
    for (std::size_t round = 0; round < states.size(); ++round) {
        for (std::size_t i = 0; i < machine.table.size(); ++i) {
            const auto& row = machine.table[i];
            used[static_cast<std::size_t>(row.event)] = true;
            if (reached[static_cast<std::size_t>(row.from)]) {
                reached[static_cast<std::size_t>(row.to)] = true;
            }
            for (std::size_t j = 0; j < i && round == 0; ++j) {
                if (machine.table[j].from == row.from && machine.table[j].event == row.event) {
                    return false;
                }
            }
        }
    }
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (!reached[i]) return false;
    }
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (!used[i]) return false;
    }
    return true;
}

}  // namespace pdx::domain
