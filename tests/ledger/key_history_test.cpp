#include "ledger/key_history.h"

#include "base/check.h"
#include "ledger/canonical_json.h"
#include "ledger/log_signers.h"
#include "tests/support/catch.h"

namespace pdx::ledger {
namespace {

const std::string kKeysOrigin = "log.example/keys";

std::string ed25519(std::uint8_t seed, const std::string& name = kKeysOrigin) {
    return NoteVerifier(name, SigningKey::from_seed(Bytes(32, seed)).value().public_key()).vkey();
}

std::string sm2(std::uint8_t seed) {
    return Sm2Signer(kKeysOrigin, Sm2SigningKey::from_scalar(Bytes(32, seed)).value())
        .verifier()
        .vkey();
}

const std::string kA = ed25519(1);
const std::string kB = ed25519(2);
const std::string kC = ed25519(3);
const std::string kS = sm2(4);

KeyEvent added(const std::string& key, std::vector<std::string> valid) {
    return {KeyEvent::Kind::kAdded, key, std::move(valid)};
}
KeyEvent retired(const std::string& key, std::vector<std::string> valid) {
    return {KeyEvent::Kind::kRetired, key, std::move(valid)};
}

TEST_CASE("key history: two rotations and a key of SM2", "[ledger][rotation]") {
    const std::vector<KeyEvent> events{added(kB, {kA, kB}), retired(kA, {kB}), added(kS, {kB, kS}),
                                       added(kC, {kB, kC, kS}), retired(kB, {kC, kS})};
    for (std::size_t count = 1; count <= events.size(); ++count) {
        const auto history = KeyHistory::replay(std::span(events).first(count));
        REQUIRE(history);
        CHECK(history->first() == kA);
        CHECK(history->valid() == events[count - 1].valid);
        CHECK(history->states().size() == count + 1);
    }
    const auto history = KeyHistory::replay(events);
    CHECK(history->ever() == std::vector<std::string>{kA, kB, kS, kC});
    CHECK(history->states().front() == std::vector<std::string>{kA});
    KeyHistory next = *history;
    CHECK(next.apply(next.retiring(kS)));
    CHECK(next.valid() == std::vector<std::string>{kC});
}

TEST_CASE("key history: events that do not follow are refused, and change nothing",
          "[ledger][rotation]") {
    KeyHistory history(kA);
    REQUIRE(history.apply(added(kB, {kA, kB})));
    REQUIRE(history.apply(retired(kA, {kB})));
    const std::vector<KeyEvent> wrong{
        added(kA, {kB, kA}),      // a retired key does not come back
        added(kB, {kB, kB}),      // nor one that is there
        added(kC, {kB}),          // the list does not say so
        added(kC, {kC, kB}),      // in another order
        added(kC, {kA, kB, kC}),  // with more than before
        added(kC, {}),
        retired(kC, {kB}),  // was never valid
        retired(kA, {kB}),  // is not any longer
        retired(kB, {}),    // none would be left
        added("", {kB, ""}),
        added(kB + "x", {kB, kB + "x"}),
        added(ed25519(9, "log.example/other"), {kB, ed25519(9, "log.example/other")}),
    };
    for (const KeyEvent& event : wrong) {
        INFO(event.body());
        CHECK_FALSE(history.apply(event));
        CHECK(history.valid() == std::vector<std::string>{kB});
        CHECK(history.states().size() == 3);
    }
    // An SM2 key cannot be left to sign alone: other readers would be left with nothing.
    REQUIRE(history.apply(history.adding(kS)));
    CHECK_FALSE(history.apply(history.retiring(kB)));
    // Not more keys than a note is to carry.
    REQUIRE(history.apply(history.adding(kC)));
    REQUIRE(history.apply(history.adding(ed25519(10))));
    CHECK(history.valid().size() == kValidKeysMax);
    CHECK_FALSE(history.apply(history.adding(ed25519(11))));
}

TEST_CASE("key history: it begins with one key of Ed25519", "[ledger][rotation]") {
    for (const KeyEvent& first : {retired(kB, {kA}), added(kB, {kB}), added(kC, {kA, kB, kC}),
                                  added(kA, {kS, kA}), added(kB, {"x", kB})}) {
        INFO(first.body());
        CHECK_FALSE(KeyHistory::replay(std::span(&first, 1)));
    }
    CHECK_THROWS_AS(KeyHistory::replay({}), InvariantViolation);
}

TEST_CASE("key event: its entry reads back, and nothing else does", "[ledger][rotation]") {
    for (const KeyEvent& event : {added(kB, {kA, kB}), retired(kA, {kB}), added(kS, {kA, kS})}) {
        CHECK(is_canonical(event.body()));
        CHECK(KeyEvent::parse(event.kind_name(), event.body()) == event);
        CHECK_FALSE(KeyEvent::parse("order.paid", event.body()));
    }
    for (const char* body :
         {"", "{}", "[]", "1", R"({"key":1,"valid":[]})", R"({"key":"a","valid":"b"})",
          R"({"key":"a","valid":[1]})", R"({"key":"a"})", R"({"key":"a","valid":[],"x":1})"}) {
        CHECK_FALSE(KeyEvent::parse(kKeyAddedKind, body));
    }
}

}  // namespace
}  // namespace pdx::ledger
