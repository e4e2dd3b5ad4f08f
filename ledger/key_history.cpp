#include "ledger/key_history.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "ledger/note.h"

namespace pdx::ledger {
namespace {

using nlohmann::json;

/// The name of a key that may sign checkpoints.
std::optional<std::string> name_of(const std::string& vkey) {
    const auto verifier = NoteVerifier::parse(vkey);
    if (!verifier || !verifier->key().signs_logs()) return std::nullopt;
    return verifier->name();
}

bool is_ed25519(const std::string& vkey) {
    const auto verifier = NoteVerifier::parse(vkey);
    return verifier && verifier->key().type() == NoteKeyType::kEd25519;
}

bool contains(const std::vector<std::string>& keys, const std::string& key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

std::vector<std::string> without(std::vector<std::string> keys, const std::string& key) {
    keys.erase(std::remove(keys.begin(), keys.end(), key), keys.end());
    return keys;
}

}  // namespace

std::string_view KeyEvent::kind_name() const {
    return kind == Kind::kAdded ? kKeyAddedKind : kKeyRetiredKind;
}

std::string KeyEvent::body() const { return json{{"key", key}, {"valid", valid}}.dump(); }

std::optional<KeyEvent> KeyEvent::parse(std::string_view kind, std::string_view body) {
    KeyEvent event;
    if (kind == kKeyRetiredKind) {
        event.kind = Kind::kRetired;
    } else if (kind != kKeyAddedKind) {
        return std::nullopt;
    }
    const json value = json::parse(body, nullptr, false);
    if (!value.is_object() || value.size() != 2 || !value.contains("key") ||
        !value.contains("valid") || !value["key"].is_string() || !value["valid"].is_array()) {
        return std::nullopt;
    }
    event.key = value["key"].get<std::string>();
    for (const json& key : value["valid"]) {
        if (!key.is_string()) return std::nullopt;
        event.valid.push_back(key.get<std::string>());
    }
    return event;
}

KeyHistory::KeyHistory(std::string first) : states_{{first}}, ever_{std::move(first)} {}

std::optional<KeyHistory> KeyHistory::replay(std::span<const KeyEvent> events) {
    PDX_CHECK(!events.empty());
    // What was valid before the first event is in it: a log begins with one key.
    const KeyEvent& begin = events.front();
    const std::vector<std::string> before = without(begin.valid, begin.key);
    if (begin.kind != KeyEvent::Kind::kAdded || before.size() != 1 || !is_ed25519(before.front())) {
        return std::nullopt;
    }
    KeyHistory history(before.front());
    for (const KeyEvent& event : events) {
        if (!history.apply(event)) return std::nullopt;
    }
    return history;
}

bool KeyHistory::apply(const KeyEvent& event) {
    const bool adds = event.kind == KeyEvent::Kind::kAdded;
    if (adds ? ever_valid(event.key) : !contains(valid(), event.key)) return false;
    if (event != (adds ? adding(event.key) : retiring(event.key))) return false;
    if (name_of(event.key) != name_of(first()) || event.valid.size() > kValidKeysMax ||
        std::none_of(event.valid.begin(), event.valid.end(), is_ed25519)) {
        return false;
    }
    states_.push_back(event.valid);
    if (adds) ever_.push_back(event.key);
    return true;
}

KeyEvent KeyHistory::adding(const std::string& key) const {
    KeyEvent event{KeyEvent::Kind::kAdded, key, valid()};
    // Lines of Ed25519 come first: every reader of the family knows them.
    const auto place = is_ed25519(key)
                           ? std::find_if_not(event.valid.begin(), event.valid.end(), is_ed25519)
                           : event.valid.end();
    event.valid.insert(place, key);
    return event;
}

KeyEvent KeyHistory::retiring(const std::string& key) const {
    return {KeyEvent::Kind::kRetired, key, without(valid(), key)};
}

bool KeyHistory::ever_valid(const std::string& key) const { return contains(ever_, key); }

}  // namespace pdx::ledger
