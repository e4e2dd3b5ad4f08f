/// Random histories of orders, through the real services and the real writer: legal and illegal
/// commands by the right and the wrong parties, repeated requests, suspended contracts, a bank that
/// fails, a clock that jumps. After every command the database is held against the entries.
#include <chrono>
#include <deque>
#include <functional>
#include <iostream>
#include <random>
#include <set>

#include "ledger/note.h"
#include "ledger/proof.h"
#include "tests/app/support/money_model.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/table_digest.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using nlohmann::json;
using test::Market;
using test::MoneyModel;
using test::TableDigest;
using test::Trade;

namespace {

/// Entries that a command may append when it is accepted. Those with a bank or a file between them
/// are two commands.
struct Leaves {
    std::size_t least = 1;
    std::size_t most = 1;
};

struct Play {
    std::string name;
    app::Caller caller;
    Leaves leaves;
    std::function<app::Outcome(const app::WriteRequest&)> run;
};

/// A request that was answered, so that it can be repeated.
struct Answered {
    Play play;
    app::IdempotencyKey key;
    std::string answer;   ///< of the accepted one
    std::string refusal;  ///< the code of the refused one
};

class History {
public:
    explicit History(std::uint64_t seed)
        : random_(static_cast<std::mt19937_64::result_type>(seed)),
          trade_(pick(std::vector<std::int64_t>{0, 1, 2, 3, 99, 100, 10'007, 19'999, 20'000})),
          model_(trade_),
          looking_(trade_.market.open()),
          tables_(*looking_, {"idempotency"}),
          before_(tables_.now()) {
        REQUIRE(tables_.tables() > 20);
        model_.follow();
        start_order();
    }

    void step() {
        ++steps_;
        if (below(12) == 0) return move_clock();
        if (!answered_.empty() && below(8) == 0) return repeat();
        perform(next_play());
    }

    int accepted() const { return accepted_; }
    int refused() const { return refused_; }
    const std::set<std::string>& codes() const { return codes_; }
    const std::set<std::string>& done() const { return done_; }

private:
    std::int64_t below(std::int64_t count) {
        return std::uniform_int_distribution<std::int64_t>(0, count - 1)(random_);
    }
    template <class Value>
    Value pick(const std::vector<Value>& values) {
        return values.at(static_cast<std::size_t>(below(std::ssize(values))));
    }
    /// The right party mostly, anyone else now and then.
    app::Caller mostly(const app::Caller& right) {
        if (below(10) != 0) return right;
        return pick(std::vector<app::Caller>{trade_.buyer, trade_.stranger, trade_.provider,
                                             trade_.licensed_operator, trade_.arbitrator,
                                             app::Caller{}});
    }
    OrderId some_order() {
        if (chosen_) return *chosen_;
        if (below(20) == 0) return trade_.market.context().ids.make<OrderTag>(Timestamp{});
        // The newest ones mostly: the others are over.
        const std::int64_t from =
            below(4) == 0 ? 0 : std::max<std::int64_t>(0, std::ssize(orders_) - 3);
        return orders_.at(static_cast<std::size_t>(from + below(std::ssize(orders_) - from)));
    }
    SettlementId some_settlement() {
        const auto found = store::find_settlement_of(*looking_, some_order());
        return found ? found->id : trade_.market.context().ids.make<SettlementTag>(Timestamp{});
    }
    DisputeId some_dispute() {
        if (disputes_.empty() || below(20) == 0) {
            return trade_.market.context().ids.make<DisputeTag>(Timestamp{});
        }
        // The newest ones: the others are over.
        const std::int64_t from = std::max<std::int64_t>(0, std::ssize(disputes_) - 3);
        return disputes_.at(static_cast<std::size_t>(from + below(std::ssize(disputes_) - from)));
    }
    Money around(std::int64_t fen) {
        return Money::fen(
            pick(std::vector<std::int64_t>{0, 1, fen / 3, fen, fen + 1, fen * 2, -1}));
    }

    void start_order() {
        orders_.push_back(trade_.placed());
        model_.follow();
        before_ = tables_.now();
    }

    /// Forwards past deadlines now and then, back a little: the writer's time must not follow.
    void move_clock() {
        using std::chrono::hours;
        trade_.market.clock().advance(
            hours(pick(std::vector<int>{1, 24, 24 * 4, 24 * 17, 24 * 40, -1, -30})));
    }

    /// What the story would do next with an order, more often than not; anything otherwise.
    Play next_play() {
        using domain::OrderState;
        if (below(5) < 3) {
            chosen_.reset();
            chosen_ = some_order();
            const auto order = store::find_order(*looking_, *chosen_);
            switch (order ? order->state : OrderState::kClosed) {
                case OrderState::kPlaced: return pay();
                case OrderState::kEscrowed: return deliver();
                case OrderState::kRejected: return below(2) == 0 ? deliver() : cancel();
                case OrderState::kDelivered: return below(2) == 0 ? receive() : accept_or_reject();
                case OrderState::kAccepted: return below(4) == 0 ? file_dispute() : settle();
                case OrderState::kSettled: return below(2) == 0 ? file_dispute() : pay_out();
                case OrderState::kDisputed: return move_dispute();
                default: return place();
            }
        }
        chosen_.reset();
        switch (below(12)) {
            case 0: return place();
            case 1: return pay();
            case 2: return deliver();
            case 3: return receive();
            case 4: return accept_or_reject();
            case 5: return cancel();
            case 6: return settle();
            case 7: return pay_out();
            case 8: return supervise();
            default: return below(3) == 0 ? file_dispute() : move_dispute();
        }
    }

    Play place() {
        return {"place",
                below(8) == 0 ? trade_.licensed_operator : trade_.buyer,
                {},
                [&, listing = trade_.listing](const app::WriteRequest& write) {
                    app::Outcome outcome = trade_.orders.place(write, {listing, "信贷风险评估"});
                    if (!outcome.replayed) {
                        orders_.push_back(*OrderId::parse(
                            json::parse(outcome.answer).at("order_id").get<std::string>()));
                    }
                    return outcome;
                }};
    }

    Play pay() {
        const std::vector<std::string> references{
            "SIM-" + std::to_string(trade_.price) + "-" + std::to_string(steps_),
            "SIM-" + std::to_string(trade_.price) + "-once",
            "SIM-" + std::to_string(trade_.price + 1) + "-x", "elsewhere"};
        // The first one mostly.
        const std::string reference = below(4) == 0 ? pick(references) : references.front();
        return {"pay",
                mostly(trade_.buyer),
                {},
                [&, order = some_order(), reference](const app::WriteRequest& write) {
                    return trade_.orders.pay(write, order, reference);
                }};
    }

    Play deliver() {
        return {"deliver",
                mostly(trade_.licensed_operator),
                {2, 2},
                [&, order = some_order()](const app::WriteRequest& write) {
                    return trade_.deliveries.deliver(write, order);
                }};
    }

    /// A download of the newest delivery of an order; it takes no Idempotency-Key.
    Play receive() {
        return {"download",
                mostly(trade_.buyer),
                {},
                [&, order = some_order()](const app::WriteRequest& write) {
                    const auto rows = trade_.deliveries.list(trade_.auditor, order, "", 100);
                    if (rows.empty()) throw not_found("delivery");
                    return trade_.deliveries.download(write.caller, rows.back().id).outcome;
                }};
    }

    Play accept_or_reject() {
        const bool accepts = below(3) != 0;
        return {accepts ? "accept" : "reject",
                mostly(trade_.buyer),
                {},
                [&, order = some_order(), accepts](const app::WriteRequest& write) {
                    return accepts ? trade_.orders.accept(write, order)
                                   : trade_.orders.reject(write, order, "不合格");
                }};
    }

    Play cancel() {
        return {"cancel",
                mostly(trade_.buyer),
                {},
                [&, order = some_order()](const app::WriteRequest& write) {
                    return trade_.orders.cancel(write, order);
                }};
    }

    Play settle() {
        return {
            "settle", trade_.admin, {}, [&, order = some_order()](const app::WriteRequest& write) {
                return trade_.settlements.settle(write, order);
            }};
    }

    Play pay_out() {
        std::deque<bank::TransferResult> script;
        for (std::int64_t faults = below(4); faults > 0; --faults) {
            script.push_back(static_cast<bank::TransferResult>(below(3)));
        }
        return {"pay_out",
                trade_.admin,
                {1, 2},
                [&, id = some_settlement(), script](const app::WriteRequest& write) {
                    trade_.market.bank().script(script);
                    return trade_.settlements.pay_out(write, id);
                }};
    }

    Play supervise() {
        const auto event =
            below(5) == 0 ? domain::ContractEvent::kSuspend : domain::ContractEvent::kResume;
        return {"supervise", trade_.authority, {}, [&, event](const app::WriteRequest& write) {
                    return trade_.contracts.supervise(write, trade_.contract, event, "检查");
                }};
    }

    Play file_dispute() {
        const bool by_buyer = below(3) != 0;
        return {"dispute",
                mostly(by_buyer ? trade_.buyer : trade_.licensed_operator),
                {},
                [&, order = some_order(),
                 claimed = around(trade_.price)](const app::WriteRequest& write) {
                    app::Outcome outcome = trade_.disputes.file(
                        write, {order, domain::DisputeReason::kQuality, claimed, "数据陈旧。"});
                    if (!outcome.replayed) {
                        disputes_.push_back(*DisputeId::parse(
                            json::parse(outcome.answer).at("dispute_id").get<std::string>()));
                    }
                    return outcome;
                }};
    }

    Play move_dispute() {
        const DisputeId id = some_dispute();
        switch (below(5)) {
            case 0:
                return {"decide_acceptance",
                        trade_.arbitrator,
                        {},
                        [&, id, accepts = below(4) != 0](const app::WriteRequest& write) {
                            return trade_.disputes.decide_acceptance(
                                write, id,
                                accepts ? app::AcceptanceDecision::kAccept
                                        : app::AcceptanceDecision::kNotAccept,
                                accepts ? "" : "不予受理");
                        }};
            case 1:
                return {"answer",
                        mostly(below(3) == 0 ? trade_.buyer : trade_.licensed_operator),
                        {},
                        [&, id](const app::WriteRequest& write) {
                            return trade_.disputes.answer(write, id, "上游中断。");
                        }};
            case 2:
                return {"decide",
                        trade_.arbitrator,
                        {},
                        [&, id, refund = around(trade_.price)](const app::WriteRequest& write) {
                            return trade_.disputes.decide(write, id, refund, "部分成立。");
                        }};
            default:
                return {"execute", trade_.admin, {}, [&, id](const app::WriteRequest& write) {
                            return trade_.disputes.execute(write, id);
                        }};
        }
    }

    /// A new command, with or without a key; what it did is compared with what it said.
    void perform(const Play& play) {
        app::WriteRequest write{play.caller, std::nullopt};
        if (below(2) == 0 && play.name != "download" && !play.caller.party.empty()) {
            // Numbers are shared: another party's key of the same name is another key.
            write.idempotency = {"key-" + std::to_string(keys_[play.caller.party.text()]++),
                                 sha256(std::to_string(steps_))};
        }
        INFO("step " << steps_ << ": " << play.name);
        std::optional<app::Outcome> outcome;
        const auto refusal = test::refusal_of([&] { outcome = play.run(write); });
        const std::size_t leaves = model_.follow();
        const Digest now = tables_.now();
        if (refusal) {
            CAPTURE(refusal->code());
            CHECK(leaves == 0);
            CHECK(now == before_);
            CHECK(refusal->kind() != ErrorKind::kBusy);
            ++refused_;
            codes_.insert(refusal->code());
        } else {
            CHECK(leaves >= play.leaves.least);
            CHECK(leaves <= play.leaves.most);
            CHECK(now != before_);
            CHECK_FALSE(outcome->replayed);
            check_receipt(outcome->receipt);
            ++accepted_;
            done_.insert(play.name);
        }
        before_ = now;
        model_.compare();
        remember(play, write, outcome, refusal);
    }

    void remember(const Play& play, const app::WriteRequest& write,
                  const std::optional<app::Outcome>& outcome, const std::optional<Error>& refusal) {
        if (!write.idempotency) return;
        // While the bank does not know, the request is open and may be repeated under its key.
        if (outcome && play.name == "pay_out" &&
            json::parse(outcome->answer).at("state") == "instructed") {
            return;
        }
        answered_.push_back({play, *write.idempotency, outcome ? outcome->answer : "",
                             refusal ? refusal->code() : ""});
    }

    /// The same key again: the same answer and no effect; for another request, refused.
    void repeat() {
        const Answered answered = pick(answered_);
        app::WriteRequest write{answered.play.caller, answered.key};
        const bool other = below(3) == 0;
        if (other) write.idempotency->request_hash = sha256("another request");
        INFO("step " << steps_ << ": " << answered.play.name << " again");
        std::optional<app::Outcome> outcome;
        const auto refusal = test::refusal_of([&] { outcome = answered.play.run(write); });
        if (other) {
            CHECK((refusal && refusal->code() == "idempotency.key_reused"));
        } else if (!answered.refusal.empty()) {
            CHECK((refusal && refusal->code() == answered.refusal));
        } else {
            REQUIRE(outcome.has_value());
            CHECK(outcome->replayed);
            CHECK(outcome->answer == answered.answer);
            check_receipt(outcome->receipt);
        }
        CHECK(model_.follow() == 0);
        CHECK(tables_.now() == before_);
    }

    void check_receipt(const app::Receipt& receipt) {
        const auto key = ledger::NoteVerifier::parse(trade_.market.vkey());
        const auto result = ledger::verify_receipt(receipt.proof, *key);
        CHECK(result.ok());
        CHECK(result.index == receipt.index);
    }

    std::mt19937_64 random_;
    Trade trade_;
    MoneyModel model_;
    std::unique_ptr<sql::Connection> looking_;
    TableDigest tables_;
    Digest before_;
    std::vector<OrderId> orders_;
    std::optional<OrderId> chosen_;  ///< the order of the next command, when it is decided
    std::vector<DisputeId> disputes_;
    std::vector<Answered> answered_;
    std::map<std::string, int> keys_;
    std::set<std::string> codes_;
    std::set<std::string> done_;
    int steps_ = 0;
    int accepted_ = 0;
    int refused_ = 0;
};

}  // namespace

TEST_CASE("trade: whatever is asked in whatever order, money, state and ledger agree",
          "[app][property]") {
    const std::uint64_t first = std::random_device{}();
    std::cout << "trade property: first seed " << first << "\n";
    constexpr std::uint64_t kSeeds = 10;
    constexpr int kSteps = 80;
    std::set<std::string> codes;
    std::set<std::string> done;
    int accepted = 0;
    for (std::uint64_t seed = first; seed < first + kSeeds; ++seed) {
        CAPTURE(seed);
        History history(seed);
        for (int step = 0; step < kSteps; ++step) history.step();
        accepted += history.accepted();
        codes.insert(history.codes().begin(), history.codes().end());
        done.insert(history.done().begin(), history.done().end());
    }
    // The histories must go somewhere: nearly every command succeeded once, and many were refused.
    CHECK(accepted > 150);
    CHECK(done.size() >= 10);
    CHECK(codes.size() >= 10);
}
