#include "ledger/policy.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <utility>

#include "base/check.h"

namespace pdx::ledger {
namespace {

constexpr std::string_view kNone = "none";
constexpr std::string_view kBlanks = " \t";

bool is_allowed(char byte) {
    const auto value = static_cast<unsigned char>(byte);
    return value == '\t' || (value >= 0x20 && value != 0x7f);
}

std::vector<std::string_view> split_words(std::string_view line) {
    std::vector<std::string_view> words;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
        if (line.empty()) return words;
        words.push_back(line.substr(0, line.find_first_of(kBlanks)));
        line.remove_prefix(words.back().size());
    }
}

/// Decimal without a leading zero, 1 to `most`.
std::optional<std::size_t> parse_threshold(std::string_view word, std::size_t most) {
    std::size_t value = 0;
    const char* const end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, value);
    if (result.ec != std::errc{} || result.ptr != end || value == 0 || value > most ||
        word.front() == '0') {
        return std::nullopt;
    }
    return value;
}

std::string quoted(std::string_view word) {
    constexpr std::size_t kShown = 64;
    return '"' + std::string(word.substr(0, kShown)) + (word.size() > kShown ? "...\"" : "\"");
}

/// Reads line by line; every method returns why the line is refused, or nothing.
class PolicyReader {
public:
    using Fault = std::optional<std::string>;
    using Words = std::span<const std::string_view>;

    Fault read_line(std::string_view line) {
        if (!std::all_of(line.begin(), line.end(), is_allowed)) {
            return "a control character other than tab";
        }
        const auto words = split_words(line);
        if (words.empty() || words.front().starts_with('#')) return std::nullopt;
        const Words operands = Words(words).subspan(1);
        if (words.front() == "log") return read_log(operands);
        if (words.front() == "witness") return read_witness(operands);
        if (words.front() == "group") return read_group(operands);
        if (words.front() == "quorum") return read_quorum(operands);
        return quoted(words.front()) + " is none of log, witness, group and quorum";
    }

    bool has_quorum() const { return has_quorum_; }
    Policy take() { return std::move(policy_); }

private:
    struct Name {
        PolicyMember member;
        bool grouped = false;
    };

    Fault read_log(Words words) {
        if (words.empty() || words.size() > 2) return "a log line is: log VKEY [URL]";
        if (policy_.logs.size() == kPolicyItemsMax) return "more logs than are supported";
        auto key = NoteVerifier::parse(words[0]);
        if (!key) return "the log's key is no verifier key, or of a type that is not supported";
        if (!key->key().signs_logs()) return "the key is of a type that witnesses use, not logs";
        const auto same_key = [&](const PolicyLog& log) { return is_same(log.key, *key); };
        if (std::any_of(policy_.logs.begin(), policy_.logs.end(), same_key)) {
            return "the key of another log line again";
        }
        if (is_ambiguous(*key)) return "another key has the same name and id";
        policy_.logs.push_back({std::move(*key), url_of(words, 1)});
        return std::nullopt;
    }

    Fault read_witness(Words words) {
        if (words.size() < 2 || words.size() > 3) {
            return "a witness line is: witness NAME VKEY [URL]";
        }
        if (policy_.witnesses.size() == kPolicyItemsMax) {
            return "more witnesses than are supported";
        }
        auto key = NoteVerifier::parse(words[1]);
        if (!key) return "the witness's key is no verifier key, or of a type that is not supported";
        if (!key->key().timestamped()) return "the key is of a type without times, not a witness's";
        const auto same_key = [&](const PolicyWitness& one) { return is_same(one.key, *key); };
        if (std::any_of(policy_.witnesses.begin(), policy_.witnesses.end(), same_key)) {
            return "the key of another witness line again";
        }
        if (is_ambiguous(*key)) return "another key has the same name and id";
        if (auto fault = define(words[0], {PolicyMember::Kind::kWitness, policy_.witnesses.size()}))
            return fault;
        policy_.witnesses.push_back({std::string(words[0]), std::move(*key), url_of(words, 2)});
        return std::nullopt;
    }

    Fault read_group(Words words) {
        if (words.size() < 3) return "a group line is: group NAME K|any|all MEMBER...";
        if (policy_.groups.size() == kPolicyItemsMax) return "more groups than are supported";
        const Words members = words.subspan(2);
        PolicyGroup group{std::string(words[0]), 1, {}};
        if (words[1] == "all") {
            group.threshold = members.size();
        } else if (words[1] != "any") {
            const auto threshold = parse_threshold(words[1], members.size());
            if (!threshold) {
                return quoted(words[1]) + " is neither any nor all nor a number from 1 to " +
                       std::to_string(members.size());
            }
            group.threshold = *threshold;
        }
        for (const std::string_view member : members) {
            const auto found = names_.find(member);
            if (found == names_.end()) return quoted(member) + " is not defined above";
            if (found->second.grouped) return quoted(member) + " is a member already";
            found->second.grouped = true;
            group.members.push_back(found->second.member);
        }
        if (auto fault = define(words[0], {PolicyMember::Kind::kGroup, policy_.groups.size()})) {
            return fault;
        }
        policy_.groups.push_back(std::move(group));
        return std::nullopt;
    }

    Fault read_quorum(Words words) {
        if (words.size() != 1) return "a quorum line is: quorum NAME|none";
        if (has_quorum_) return "a second quorum line";
        has_quorum_ = true;
        if (words[0] == kNone) return std::nullopt;
        const auto found = names_.find(words[0]);
        if (found == names_.end()) return quoted(words[0]) + " is not defined above";
        policy_.quorum = found->second.member;
        return std::nullopt;
    }

    Fault define(std::string_view name, PolicyMember member) {
        if (name == kNone) return "the name \"none\" is taken by the format";
        if (!names_.emplace(name, Name{member}).second) return quoted(name) + " is defined twice";
        return std::nullopt;
    }

    static std::string url_of(Words words, std::size_t index) {
        return index < words.size() ? std::string(words[index]) : std::string();
    }

    /// The format calls keys duplicates by the key alone, whatever their names and types.
    static bool is_same(const NoteVerifier& a, const NoteVerifier& b) {
        return std::ranges::equal(a.key().public_key(), b.key().public_key());
    }

    /// Ids have 32 bits: a line that fits two keys could be judged by either.
    bool is_ambiguous(const NoteVerifier& key) const {
        const auto same = [&](const NoteVerifier& other) {
            return other.name() == key.name() && other.key_id() == key.key_id();
        };
        return std::any_of(policy_.logs.begin(), policy_.logs.end(),
                           [&](const PolicyLog& log) { return same(log.key); }) ||
               std::any_of(policy_.witnesses.begin(), policy_.witnesses.end(),
                           [&](const PolicyWitness& witness) { return same(witness.key); });
    }

    Policy policy_;
    std::map<std::string, Name, std::less<>> names_;
    bool has_quorum_ = false;
};

}  // namespace

bool Policy::reached(const std::vector<bool>& witnessed) const {
    PDX_CHECK(witnessed.size() == witnesses.size());
    if (!quorum) return true;
    std::vector<bool> group_reached(groups.size());
    const auto holds = [&](const PolicyMember& member) -> bool {
        return member.kind == PolicyMember::Kind::kWitness ? witnessed[member.index]
                                                           : group_reached[member.index];
    };
    // Members are defined before their group, so one pass in order is enough.
    for (std::size_t i = 0; i < groups.size(); ++i) {
        const auto& members = groups[i].members;
        const auto count = std::count_if(members.begin(), members.end(), holds);
        group_reached[i] = static_cast<std::size_t>(count) >= groups[i].threshold;
    }
    return holds(*quorum);
}

std::variant<Policy, PolicyFault> parse_policy(std::string_view text) {
    if (text.size() > kPolicyBytesMax) return PolicyFault{1, "the policy is larger than 256 KiB"};
    PolicyReader reader;
    std::size_t number = 1;
    for (; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        // A cut-off file may still read well: "quorum all-of-them" cut to "quorum all".
        if (end == std::string_view::npos) {
            return PolicyFault{number, "the last line does not end in a newline"};
        }
        if (auto fault = reader.read_line(text.substr(0, end))) {
            return PolicyFault{number, std::move(*fault)};
        }
        text.remove_prefix(end + 1);
    }
    if (!reader.has_quorum()) return PolicyFault{number, "there is no quorum line"};
    return reader.take();
}

PolicyVerdict evaluate_policy(std::string_view note, const Policy& policy,
                              std::span<const NoteVerifier> log_keys) {
    std::vector<NoteVerifier> known(log_keys.begin(), log_keys.end());
    if (log_keys.empty()) {
        for (const PolicyLog& log : policy.logs) known.push_back(log.key);
    }
    const std::size_t logs = known.size();
    for (const PolicyWitness& witness : policy.witnesses) known.push_back(witness.key);

    OpenedNote opened = open_note(note, known);
    PolicyVerdict verdict;
    verdict.note = std::move(opened.note);
    verdict.times.resize(policy.witnesses.size());
    if (opened.status != NoteStatus::kVerified) {
        verdict.status = checkpoint_status(opened.status);
        return verdict;
    }
    auto checkpoint = parse_checkpoint(verdict.note.text);
    if (!checkpoint) {
        verdict.status = CheckpointStatus::kMalformedText;
        return verdict;
    }
    verdict.status = CheckpointStatus::kUnknownKeys;
    std::vector<bool> witnessed(policy.witnesses.size());
    for (const auto [line, key] : opened.verified) {
        if (key >= logs) {
            auto& time = verdict.times[key - logs];
            // Several lines by one witness count once, the earliest: it has seen the tree by then.
            const auto said = cosignature_time(verdict.note.signatures[line].signature);
            time = time ? std::min(time, said) : said;
            witnessed[key - logs] = true;
        } else if (known[key].name() == checkpoint->origin) {
            verdict.status = CheckpointStatus::kVerified;
        } else if (verdict.status == CheckpointStatus::kUnknownKeys) {
            verdict.status = CheckpointStatus::kOtherOrigin;
        }
    }
    if (verdict.status != CheckpointStatus::kVerified) {
        verdict.times.assign(policy.witnesses.size(), std::nullopt);
        return verdict;
    }
    verdict.checkpoint = std::move(*checkpoint);
    verdict.witnessed =
        static_cast<std::size_t>(std::count(witnessed.begin(), witnessed.end(), true));
    verdict.quorum = policy.reached(witnessed);
    return verdict;
}

std::string describe(const PolicyVerdict& verdict) {
    if (verdict.status != CheckpointStatus::kVerified) return std::string(describe(verdict.status));
    return "witnessed " + std::to_string(verdict.witnessed) + " of " +
           std::to_string(verdict.times.size()) +
           (verdict.quorum ? ", quorum reached" : ", quorum not reached");
}

}  // namespace pdx::ledger
