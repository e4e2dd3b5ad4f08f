#pragma once
/// Compares a state machine with a table that the test writes itself, every state x every event.
#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.h"
#include "marketplace/domain/machine.h"
#include "tests/support/catch.h"

namespace pdx::domain::testing {

/// One line per state, in the order of the enum. `takes` reads "event>state event>state".
struct ExpectedState {
    std::string state;
    std::string takes;
};

inline std::map<std::string, std::string> read_takes(const std::string& takes) {
    std::map<std::string, std::string> result;
    std::istringstream words(takes);
    for (std::string word; words >> word;) {
        const std::size_t arrow = word.find('>');
        REQUIRE(arrow != std::string::npos);
        REQUIRE(result.emplace(word.substr(0, arrow), word.substr(arrow + 1)).second);
    }
    return result;
}

template <class Event, class State>
void check_refusal(State state, Event event, const std::string& noun,
                   const std::vector<std::string>& takes) {
    const State before = state;
    try {
        state = apply(state, event);
        FAIL("the event was taken");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::kConflict);
        CHECK(error.code() == noun + ".transition");
        CHECK(error.detail().state == to_string(state));
        CHECK(error.detail().allowed == takes);
        CHECK_FALSE(error.text().en.empty());
        CHECK(error.text().zh.find(label_zh(state)) != std::string::npos);
    }
    CHECK(state == before);
}

/// Every state x event: the expected ones lead where they should, all others are refused with the
/// state and what it would take, and leave the state as it was.
template <class State, class Event>
void check_machine(const std::string& noun, const std::string& initial,
                   const std::vector<ExpectedState>& expected) {
    CHECK(machine_of(State{}).noun.name == noun);
    CHECK(to_string(machine_of(State{}).initial) == initial);
    REQUIRE(names_of(State{}).size() == expected.size());
    std::size_t taken = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const auto parsed = parse<State>(expected[i].state);
        REQUIRE(parsed.has_value());
        const State state = *parsed;
        REQUIRE(static_cast<std::size_t>(state) == i);
        const auto takes = read_takes(expected[i].takes);
        CHECK(is_terminal(state) == takes.empty());

        std::vector<std::string> listed = allowed(state);
        REQUIRE(listed.size() == takes.size());
        CHECK(std::all_of(listed.begin(), listed.end(),
                          [&](const std::string& name) { return takes.count(name) == 1; }));
        for (const auto& row : names_of(Event{})) {
            INFO(expected[i].state << " + " << row.name);
            const auto found = takes.find(std::string(row.name));
            if (found == takes.end()) {
                CHECK_FALSE(next(state, row.value).has_value());
                check_refusal(state, row.value, noun, listed);
            } else {
                ++taken;
                CHECK(to_string(apply(state, row.value)) == found->second);
            }
        }
    }
    CHECK(taken == machine_of(State{}).table.size());
    CHECK_FALSE(parse<State>("no_such_state").has_value());
    CHECK_FALSE(parse<Event>("").has_value());
}

/// The code of the Error that `action` throws, or "" when it throws none.
template <class Action>
std::string code_of(Action action) {
    try {
        action();
    } catch (const Error& error) {
        CHECK_FALSE(error.text().en.empty());
        CHECK_FALSE(error.text().zh.empty());
        return error.code();
    }
    return {};
}

}  // namespace pdx::domain::testing
