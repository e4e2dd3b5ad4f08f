#include "ledger/witness_client.h"

#include <map>
#include <set>
#include <vector>

#include "ledger/cosignature.h"
#include "ledger/signer.h"
#include "ledger/witness.h"
#include "tests/ledger/support/log_fixture.h"
#include "tests/ledger/support/must.h"
#include "tests/support/catch.h"

using namespace pdx;
using namespace pdx::ledger;
using namespace std::chrono_literals;
using Kind = WitnessReplyKind;
using Step = WitnessStep;

namespace {

const std::string kText = format_checkpoint({std::string(test::kOrigin), 7, sha256("root"), {}});

CosignatureSigner witness() {
    return {"witness.example/w1", test::must(SigningKey::from_seed(Bytes(32, 42)))};
}

CosignatureSigner stranger() {
    return {"witness.example/w9", test::must(SigningKey::from_seed(Bytes(32, 43)))};
}

std::string line(const CosignatureSigner& signer, const std::string& text = kText) {
    return format_note_signature(signer.sign(text, 1000));
}

Kind kind(const WitnessHttpAnswer& answer, std::uint64_t our_size = 100) {
    return read_witness_answer(answer, witness().verifier(), kText, our_size).kind;
}

const std::string kSize = "text/x.tlog.size";

/// Answers from a table of URLs.
class TableTransport final : public WitnessTransport {
public:
    WitnessHttpAnswer post(const std::string& url, const std::string& body) override {
        sent[url] = body;
        return answers.contains(url) ? answers.at(url) : WitnessHttpAnswer{};
    }
    WitnessHttpAnswer get(const std::string& url) override {
        return answers.contains(url) ? answers.at(url) : WitnessHttpAnswer{404, "", "", {}};
    }
    std::map<std::string, WitnessHttpAnswer> answers;
    std::map<std::string, std::string> sent;
};

}  // namespace

TEST_CASE("witness answer: a cosignature counts when it verifies", "[ledger][witness_client]") {
    const auto reply = read_witness_answer({200, "text/plain", line(witness()), {}},
                                           witness().verifier(), kText, 7);
    REQUIRE(reply.kind == Kind::kCosigned);
    REQUIRE(reply.line == witness().sign(kText, 1000));
    // Others' lines are ignored, wherever they stand.
    const auto among = read_witness_answer({200, "", line(stranger()) + line(witness()), {}},
                                           witness().verifier(), kText, 7);
    REQUIRE(among.line == witness().sign(kText, 1000));
}

TEST_CASE("witness answer: a lying witness gives nothing", "[ledger][witness_client]") {
    NoteSignature forged = stranger().sign(kText, 1000);
    forged.name = witness().name();
    forged.key_id = witness().verifier().key_id();
    const std::string impostor = format_note_signature(forged);
    for (const std::string& body :
         {std::string(), std::string("\n"), std::string("<html>it works</html>\n"),
          line(stranger()), impostor, impostor + line(witness()), line(witness()) + impostor,
          line(witness(), "another root\n"), line(witness()) + "more",
          kText + "\n" + line(witness()), std::string(70'000, 'x') + "\n"}) {
        INFO(body.substr(0, 100));
        REQUIRE(kind({200, "text/plain", body, {}}) == Kind::kGarbage);
    }
}

TEST_CASE("witness answer: every status has one meaning", "[ledger][witness_client]") {
    REQUIRE(kind({409, kSize, "50\n", {}}) == Kind::kStale);
    REQUIRE(kind({409, kSize + "; charset=utf-8", "100\n", {}}) == Kind::kStale);
    REQUIRE(kind({409, kSize, "101\n", {}}) == Kind::kAhead);
    REQUIRE(kind({409, kSize, "9223372036854775807\n", {}}) == Kind::kAhead);
    for (const std::string body : {"", "x\n", "101", "-5\n", "0101\n", "9223372036854775808\n"}) {
        REQUIRE(kind({409, kSize, body, {}}) == Kind::kGarbage);
    }
    // Without the type it is not a size: some witnesses say so when the roots differ.
    REQUIRE(kind({409, "text/plain", "101\n", {}}) == Kind::kForked);
    REQUIRE(kind({409, "", "101\n", {}}) == Kind::kForked);
    REQUIRE(kind({409, "text/x.tlog.sizes", "101\n", {}}) == Kind::kForked);
    for (int status = 0; status <= 600; ++status) {
        if (status == 200 || status == 409) continue;
        const Kind expected = status == 0 || status == 429 || status >= 500 ? Kind::kBusy
                              : status == 422                               ? Kind::kForked
                              : status >= 400                               ? Kind::kRefused
                                                                            : Kind::kGarbage;
        INFO(status);
        REQUIRE(kind({status, kSize, "101\n", {}}) == expected);
    }
}

TEST_CASE("witness client: every reply in every state has its next step",
          "[ledger][witness_client]") {
    const std::set<Kind> trouble{Kind::kAhead, Kind::kForked, Kind::kRefused, Kind::kGarbage};
    constexpr std::uint64_t kSubmitted = 10;
    for (const Kind last : {Kind::kCosigned, Kind::kStale, Kind::kAhead, Kind::kForked,
                            Kind::kRefused, Kind::kBusy, Kind::kGarbage}) {
        for (unsigned again = 0; again <= kWitnessAgainMax; ++again) {
            for (const Kind reply : {Kind::kCosigned, Kind::kStale, Kind::kAhead, Kind::kForked,
                                     Kind::kRefused, Kind::kBusy, Kind::kGarbage}) {
                for (const std::uint64_t size : {4U, 10U, 12U}) {
                    WitnessProgress progress{6, again, 2, last};
                    const WitnessNext next =
                        take_witness_reply(progress, {reply, {}, size, {}}, kSubmitted);
                    REQUIRE(progress.last == reply);
                    REQUIRE(next.alarm == (trouble.contains(reply) && reply != last));
                    Step expected = Step::kLater;
                    if (reply == Kind::kCosigned) expected = Step::kDone;
                    if (reply == Kind::kAhead) expected = Step::kStop;
                    if (reply == Kind::kStale) {
                        expected = size > kSubmitted          ? Step::kDone
                                   : again < kWitnessAgainMax ? Step::kAgain
                                                              : Step::kLater;
                    }
                    REQUIRE(next.step == expected);
                    if (reply == Kind::kCosigned) REQUIRE(progress.old_size == kSubmitted);
                    if (reply == Kind::kStale) REQUIRE(progress.old_size == size);
                    if (expected == Step::kLater) REQUIRE(progress.failures == 3);
                    if (expected == Step::kDone) REQUIRE(progress.failures == 0);
                    if (expected == Step::kAgain) REQUIRE(progress.again == again + 1);
                    if (expected != Step::kAgain && expected != Step::kStop) {
                        REQUIRE(progress.again == 0);
                    }
                }
            }
        }
    }
}

TEST_CASE("witness client: it finds a witness's size in two submissions",
          "[ledger][witness_client]") {
    WitnessProgress progress;
    REQUIRE(take_witness_reply(progress, {Kind::kStale, {}, 5, {}}, 9).step == Step::kAgain);
    REQUIRE(progress.old_size == 5);
    REQUIRE(take_witness_reply(progress, {Kind::kCosigned, {}, 0, {}}, 9).step == Step::kDone);
    REQUIRE(progress.old_size == 9);
    // One that names another size each time is given up until later.
    for (unsigned i = 0; i < kWitnessAgainMax; ++i) {
        REQUIRE(take_witness_reply(progress, {Kind::kStale, {}, i, {}}, 9).step == Step::kAgain);
    }
    REQUIRE(take_witness_reply(progress, {Kind::kStale, {}, 8, {}}, 9).step == Step::kLater);
}

TEST_CASE("witness client: waits double, scatter and end", "[ledger][witness_client]") {
    const WitnessBackOff back_off{1s, 60s};
    REQUIRE(witness_delay(back_off, 1, 0.0, {}) == 500ms);
    REQUIRE(witness_delay(back_off, 1, 0.5, {}) == 750ms);
    REQUIRE(witness_delay(back_off, 3, 0.0, {}) == 2s);
    REQUIRE(witness_delay(back_off, 7, 0.0, {}) == 30s);
    REQUIRE(witness_delay(back_off, 4'000'000'000U, 0.999, {}) < 60s);
    REQUIRE(witness_delay(back_off, 1, 0.0, 20s) == 20s);
    REQUIRE(witness_delay(back_off, 1, 0.0, 3600s) == 60s);
    REQUIRE(witness_delay(back_off, 1, 0.0, std::chrono::seconds::max()) == 60s);
    REQUIRE(witness_delay(back_off, 9, 0.0, 1s) == 30s);
}

TEST_CASE("witness view: what a witness remembers is believed when the log signed it",
          "[ledger][witness_client]") {
    const NoteSigner log = test::sample_signer();
    const std::vector<NoteVerifier> keys{log.verifier()};
    const std::string note =
        sign_checkpoint({std::string(test::kOrigin), 7, sha256("root"), {}}, log);
    const PolicyWitness one{"w1", witness().verifier(), "http://w1.example/witness"};
    const std::string get =
        "http://w1.example/witness/" + witness_log_id(test::kOrigin) + "/checkpoint";
    const std::string add = "http://w1.example/witness/add-checkpoint";
    const auto view = [&](TableTransport& transport, const std::string& newest = "") {
        return view_witness(one, keys, newest, transport);
    };
    using How = WitnessView::How;

    TableTransport honest;
    honest.answers[get] = {200, "text/plain", note + line(witness()), {}};
    const auto seen = view(honest);
    REQUIRE(seen.how == How::kSigned);
    REQUIRE(seen.size == 7);
    REQUIRE(seen.root == sha256("root"));
    REQUIRE(seen.cosigned);
    honest.answers[get].body = note;
    REQUIRE_FALSE(view(honest).cosigned);

    const NoteSigner impostor(std::string(test::kOrigin), SigningKey::generate());
    const std::string forged =
        sign_checkpoint({std::string(test::kOrigin), 900, sha256("root"), {}}, impostor);
    const NoteSigner other("other.example", SigningKey::generate());
    for (const std::string& body : {std::string(), std::string("900\n"), forged, note + "x",
                                    sign_checkpoint({"other.example", 9, {}, {}}, other)}) {
        honest.answers[get].body = body;
        REQUIRE(view(honest).how == How::kInvalid);
        REQUIRE(view(honest).size == 0);
    }
    for (const int status : {0, 429, 500, 503}) {
        honest.answers[get].status = status;
        REQUIRE(view(honest).how == How::kUnreachable);
    }
    honest.answers[get].status = 302;
    REQUIRE(view(honest).how == How::kInvalid);

    // A witness without a monitoring GET says its size when it is asked from nothing.
    TableTransport mute;
    REQUIRE(view(mute).how == How::kNever);
    mute.answers[add] = {409, kSize, "12\n", {}};
    const auto claimed = view(mute, note);
    REQUIRE(claimed.how == How::kClaimed);
    REQUIRE(claimed.size == 12);
    REQUIRE_FALSE(claimed.root.has_value());
    REQUIRE(mute.sent[add] == "old 0\n\n" + note);
    mute.answers[add] = {200, "", line(witness()), {}};
    REQUIRE(view(mute, note).how == How::kNever);
    mute.answers[add] = {409, "text/plain", "12\n", {}};
    REQUIRE(view(mute, note).how == How::kInvalid);
    mute.answers[add] = {409, kSize, "12", {}};
    REQUIRE(view(mute, note).how == How::kInvalid);
    mute.answers[add] = {503, "", "", {}};
    REQUIRE(view(mute, note).how == How::kUnreachable);
}
