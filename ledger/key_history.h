#pragma once
/// Which keys a log signs with, as its own entries tell. A log begins with one key, which readers
/// got by a way they trust; every later key is named by an entry under the signatures of the keys
/// before it, so who trusts the first can come to trust the others.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pdx::ledger {

/// Kinds of entry, and the type of their entity. Do not rename.
inline constexpr std::string_view kKeyAddedKind = "ledger_key.added";
inline constexpr std::string_view kKeyRetiredKind = "ledger_key.retired";
inline constexpr std::string_view kKeyEntityType = "ledger_key";
/// Unit: keys that sign at a time.
inline constexpr std::size_t kValidKeysMax = 4;

struct KeyEvent {
    enum class Kind { kAdded, kRetired };
    Kind kind = Kind::kAdded;
    std::string key;                 ///< vkey of the key that was added or retired
    std::vector<std::string> valid;  ///< vkeys that sign from then on, in the order of their lines

    bool operator==(const KeyEvent&) const = default;
    std::string_view kind_name() const;
    /// Shape: {"key":"<vkey>","valid":["<vkey>",...]}, canonical.
    std::string body() const;
    /// nullopt for another kind, or a body of another shape.
    static std::optional<KeyEvent> parse(std::string_view kind, std::string_view body);
};

/// The lists of valid keys that a log had, one after the other.
class KeyHistory {
public:
    /// A log that has named no key but the one that it began with.
    explicit KeyHistory(std::string first);
    /// Requires: the events of one log, in order, at least one.
    /// nullopt when they do not follow from each other: a list that is not the one before it plus
    /// or minus the key, a key that is added twice, another name, no Ed25519 key left, too many.
    static std::optional<KeyHistory> replay(std::span<const KeyEvent> events);

    /// False, and nothing changed, when the event does not follow.
    bool apply(const KeyEvent& event);
    /// The event that adds or retires a key now. Whether it follows, apply() says.
    KeyEvent adding(const std::string& key) const;
    KeyEvent retiring(const std::string& key) const;

    const std::vector<std::string>& valid() const { return states_.back(); }
    const std::vector<std::vector<std::string>>& states() const { return states_; }
    const std::string& first() const { return ever_.front(); }
    /// Every key that was ever valid, in order of appearance.
    const std::vector<std::string>& ever() const { return ever_; }
    bool ever_valid(const std::string& key) const;

private:
    std::vector<std::vector<std::string>> states_;
    std::vector<std::string> ever_;
};

}  // namespace pdx::ledger
