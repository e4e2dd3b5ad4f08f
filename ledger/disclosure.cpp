#include "ledger/disclosure.h"

#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "ledger/entry.h"

namespace pdx::ledger {
namespace {

using nlohmann::json;

/// Discarded unless the text is JSON in which no object has a member twice.
json parse_once(std::string_view text) {
    std::vector<std::set<std::string>> open;
    bool twice = false;
    const auto look = [&](int, json::parse_event_t event, json& parsed) {
        if (event == json::parse_event_t::object_start) open.emplace_back();
        if (event == json::parse_event_t::object_end) open.pop_back();
        if (event == json::parse_event_t::key) {
            twice = !open.back().insert(parsed.get<std::string>()).second || twice;
        }
        return true;
    };
    json value = json::parse(text, look, false);
    return twice ? json(json::value_t::discarded) : value;
}

std::optional<PrivateTexts> texts_of(const json& part) {
    if (!part.is_object()) return std::nullopt;
    try {
        return parse_private_part(canonical_json(part));
    } catch (const Error&) {
        return std::nullopt;
    }
}

std::optional<Digest> commitment_in(const Entry& entry) {
    const json body = json::parse(entry.body, nullptr, false);
    const auto member = body.find(kPrivateCommitment);
    if (member == body.end() || !member->is_string()) return std::nullopt;
    return Digest::from_hex(member->get_ref<const std::string&>());
}

}  // namespace

std::optional<Disclosure> parse_disclosure(std::string_view file, std::string_view* fault) {
    const auto refuse = [&](std::string_view why) -> std::optional<Disclosure> {
        if (fault != nullptr) *fault = why;
        return std::nullopt;
    };
    const json told = parse_once(file);
    if (!told.is_object()) return refuse("it is no JSON object, or has a member twice");
    Disclosure disclosure;
    const auto index = told.find("index");
    if (index == told.end() || !index->is_number_unsigned()) return refuse("it has no index");
    disclosure.index = index->get<std::uint64_t>();
    const auto part = told.find("private_part");
    if (part != told.end() && part->is_null()) return refuse("the private part has been erased");
    const auto salt = told.find("salt");
    const auto digits = salt != told.end() && salt->is_string()
                            ? Digest::from_hex(salt->get_ref<const std::string&>())
                            : std::optional<Digest>();
    if (!digits) return refuse("it has no salt of 64 lower-case hex digits");
    disclosure.salt.assign(digits->value.begin(), digits->value.end());
    auto texts = part != told.end() ? texts_of(*part) : std::optional<PrivateTexts>();
    if (!texts) return refuse("its private_part is no object of named texts");
    disclosure.texts = *std::move(texts);
    return disclosure;
}

std::optional<Refusal> check_disclosure(const Disclosure& disclosure, const ReceiptResult& receipt,
                                        DisclosedEntry* entry) {
    PDX_CHECK(receipt.ok());
    if (disclosure.index != receipt.index) {
        return Refusal{"disclosure.other_entry",
                       "the disclosure is of entry " + std::to_string(disclosure.index) +
                           ", the receipt of entry " + std::to_string(receipt.index)};
    }
    const ParsedEntry parsed = parse_entry(as_text(receipt.entry));
    const auto commitment = parsed.reading == EntryReading::kRead ? commitment_in(parsed.entry)
                                                                  : std::optional<Digest>();
    if (!commitment) {
        return Refusal{"disclosure.no_commitment", "the entry commits to no private part"};
    }
    const PrivatePlace place{parsed.entry.log, parsed.entry.kind, parsed.entry.entity_type,
                             parsed.entry.entity_id};
    bool one_line = true;
    for (const std::string* word :
         {&place.log, &place.kind, &place.entity_type, &place.entity_id}) {
        one_line = one_line && word->find('\n') == std::string::npos;
    }
    if (!one_line || commit_private_part(disclosure.salt, place,
                                         private_part_text(disclosure.texts)) != *commitment) {
        return Refusal{"disclosure.not_committed",
                       "salt and texts are not what the entry committed to"};
    }
    if (entry != nullptr) *entry = {place, *commitment};
    return std::nullopt;
}

}  // namespace pdx::ledger
