#include "marketplace/app/private_part_service.h"

#include <algorithm>

#include "base/crypto.h"
#include "ledger/disclosure.h"
#include "ledger/proof.h"
#include "marketplace/app/ledger_service.h"
#include "marketplace/app/order_view.h"
#include "marketplace/app/private_kinds.h"
#include "tests/app/support/refused.h"
#include "tests/app/support/trade.h"
#include "tests/support/catch.h"

using namespace pdx;
using domain::ErasureReason;
using nlohmann::json;
using test::code_of;
using test::Market;
using test::Trade;

namespace {

Digest commitment_of(const json& entry) {
    return Digest::from_hex(entry.at("body").at("private_commitment").get<std::string>()).value();
}

/// The commitment of the last entry of the kind.
Digest commitment_of(Trade& trade, std::string_view kind) {
    json found;
    for (const json& entry : trade.entries()) {
        if (entry.at("kind") == kind) found = entry;
    }
    return commitment_of(found);
}

store::PrivatePart stored(Trade& trade, const Digest& commitment) {
    return store::find_private_part(*trade.market.open(), commitment).value();
}

/// Ended before it was paid.
OrderId cancelled(Trade& trade) {
    const OrderId id = trade.placed();
    trade.orders.cancel(Market::write(trade.buyer), id);
    return id;
}

}  // namespace

TEST_CASE("private part: the vault opens what it made, and nothing that was moved or altered",
          "[app][private_part]") {
    const Bytes master = random_bytes(32);
    const app::PrivateVault vault(master, "test.example/ledger");
    const std::string id = "0190a1b2-0000-7000-8000-000000000001";
    const app::Fact fact = vault.make_fact("order.placed", "order", id, {{"version", 1}}, "demo@1",
                                           {{"purpose", "信贷风险评估"}});
    REQUIRE(fact.private_part.has_value());
    const Digest commitment = fact.private_part->commitment;
    CHECK(json::parse(fact.body).at("private_commitment") == commitment.hex());
    CHECK(fact.body.find("信贷") == std::string::npos);
    CHECK(as_text(fact.private_part->sealed.content).find("信贷") == std::string_view::npos);
    CHECK(fact.private_part->sealed.wrapped_key.size() == 72);

    const store::PrivatePart part{
        commitment, 3, "order.placed", "order", id, fact.private_part->sealed, {}, std::nullopt};
    const auto opened = vault.open(part);
    REQUIRE(opened.has_value());
    CHECK(opened->texts.at("purpose") == "信贷风险评估");
    CHECK(ledger::commit_private_part(opened->salt,
                                      {"test.example/ledger", "order.placed", "order", id},
                                      R"({"purpose":"信贷风险评估"})") == commitment);

    const auto refused = [&](const app::PrivateVault& by, auto change) {
        store::PrivatePart altered = part;
        change(altered);
        CHECK_THROWS_AS(by.open(altered), InvariantViolation);
        try {
            by.open(altered);
        } catch (const InvariantViolation& violation) {
            CHECK(std::string(violation.what()).find("信贷") == std::string::npos);
        }
    };
    refused(vault, [](auto& one) { one.kind = "order.rejected"; });
    refused(vault, [](auto& one) { one.entity_type = "dispute"; });
    refused(vault, [](auto& one) { one.entity_id.back() = '2'; });
    refused(vault, [](auto& one) { one.commitment.value[0] ^= 1U; });
    refused(vault, [](auto& one) { one.sealed->content.back() ^= 1U; });
    refused(vault, [](auto& one) { one.sealed->wrapped_key.back() ^= 1U; });
    refused(vault, [](auto& one) { one.sealed->wrapped_key.clear(); });
    refused(vault, [](auto& one) { one.sealed->content.clear(); });
    refused(app::PrivateVault(master, "other.example/ledger"), [](auto&) {});
    refused(app::PrivateVault(random_bytes(32), "test.example/ledger"), [](auto&) {});

    // One text, two salts: equal texts cannot be told from the ledger.
    const app::Fact again = vault.make_fact("order.placed", "order", id, {{"version", 1}}, "demo@1",
                                            {{"purpose", "信贷风险评估"}});
    CHECK(again.private_part->commitment != commitment);
}

TEST_CASE("private part: a kind commits to its own text and no other", "[app][private_part]") {
    const app::PrivateVault vault(random_bytes(32), "test.example/ledger");
    const auto make = [&](const std::string& kind, const std::string& type,
                          const ledger::PrivateTexts& texts) {
        return vault.make_fact(kind, type, "x", json::object(), "", texts);
    };
    CHECK_THROWS_AS(make("order.cancelled", "order", {{"purpose", "x"}}), InvariantViolation);
    CHECK_THROWS_AS(make("order.placed", "dispute", {{"purpose", "x"}}), InvariantViolation);
    CHECK_THROWS_AS(make("order.placed", "order", {{"rejection", "x"}}), InvariantViolation);
    CHECK_THROWS_AS(make("order.placed", "order", {{"purpose", "x"}, {"rejection", "x"}}),
                    InvariantViolation);
    CHECK_FALSE(make("order.cancelled", "order", {}).private_part.has_value());
    CHECK(vault.reference_key("A") == vault.reference_key("A"));
    CHECK(vault.reference_key("A") != vault.reference_key("B"));
    CHECK(vault.reference_key("A") != sha256("A"));
    CHECK(vault.reference_key("A") !=
          app::PrivateVault(random_bytes(32), "test.example/ledger").reference_key("A"));
    // The table and the schemas name the same kinds.
    for (const ledger::KindSchema& schema : ledger::kinds().kinds()) {
        const auto member = std::find_if(
            schema.body.fields.begin(), schema.body.fields.end(),
            [](const auto& field) { return field.name == ledger::kPrivateCommitment; });
        INFO(schema.kind);
        CHECK((member != schema.body.fields.end()) ==
              (!app::private_texts_of(schema.kind).empty()));
    }
}

TEST_CASE("private part: a fact commits to what is stored beside it, and to nothing else",
          "[app][private_part]") {
    Trade trade;
    const OrderId order = trade.placed();
    const std::uint64_t entries = trade.log_size();
    const auto submit = [&](app::Fact fact) {
        return trade.market.writer().submit({trade.buyer, std::nullopt, [&](app::Transaction& tx) {
                                                 tx.record(fact);
                                                 return std::string("{}");
                                             }});
    };
    json body = json::parse(trade.last_entry().at("body").dump());
    // The commitment without its texts: nobody could ever disclose it.
    CHECK_THROWS_AS(submit(app::make_fact("order.placed", "order", order.text(), body, "demo@1")),
                    InvariantViolation);
    // The texts without the commitment.
    app::Fact fact = trade.market.context().vault.make_fact("order.placed", "order", order.text(),
                                                            body, "demo@1", {{"purpose", "x"}});
    body.erase("private_commitment");
    fact.body = body.dump();
    CHECK_THROWS_AS(submit(fact), InvariantViolation);
    CHECK(trade.log_size() == entries);
    CHECK(store::list_private_parts(*trade.market.open(), "order", order.text()).size() == 1);
}

TEST_CASE("private part: what was said is shown to whoever reads the entity",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    const OrderId order = trade.delivered();
    trade.orders.reject(Market::write(trade.buyer), order, "缺少字段");
    const std::uint64_t first_rejection = trade.log_size() - 1;
    json texts = parts.texts_of("order", order.text());
    CHECK(texts.at("purpose") == "信贷风险评估");
    CHECK(texts.at("rejection") == "缺少字段");
    CHECK_FALSE(texts.contains("bank_reference"));
    CHECK(texts.at("private_parts").size() == 3);
    CHECK(texts.at("private_parts").at("rejection") ==
          json{{"commitment", commitment_of(trade, "order.rejected").hex()},
               {"index", first_rejection},
               {"erased", false},
               {"unreadable", false}});

    trade.deliver(order);
    trade.orders.reject(Market::write(trade.buyer), order, "还是缺少");
    CHECK(parts.texts_of("order", order.text()).at("rejection") == "还是缺少");
    CHECK(parts.texts_of("order", order.text(), first_rejection).at("rejection") == "缺少字段");
    CHECK(parts.texts_of("order", order.text(), first_rejection - 1).at("rejection").is_null());

    const DisputeId dispute = trade.dispute(order, 3'000);
    texts = parts.texts_of("dispute", dispute.text());
    CHECK(texts.at("statement").is_string());
    for (const char* unsaid : {"answer", "decision", "acceptance_reason"}) {
        CHECK(texts.at(unsaid).is_null());
        CHECK_FALSE(texts.at("private_parts").contains(unsaid));
    }
    trade.disputes.decide_acceptance(Market::write(trade.arbitrator), dispute,
                                     app::AcceptanceDecision::kAccept, "材料齐全");
    trade.disputes.answer(Market::write(trade.licensed_operator), dispute, "有部分中断。");
    trade.disputes.decide(Market::write(trade.arbitrator), dispute, Money::fen(5), "部分成立。");
    texts = parts.texts_of("dispute", dispute.text());
    CHECK(texts.at("acceptance_reason") == "材料齐全");
    CHECK(texts.at("answer") == "有部分中断。");
    CHECK(texts.at("decision") == "部分成立。");
}

TEST_CASE("private part: it is disclosed to whom it concerns, and a third person can check it",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    app::LedgerService ledger(trade.market.context());
    const OrderId order = trade.delivered();
    const DisputeId dispute = trade.dispute(order, 3'000);
    (void)dispute;
    const auto reads = [&](const app::Caller& caller, const Digest& commitment) {
        return code_of([&] { parts.find(caller, commitment); });
    };
    struct Case {
        std::string kind;
        std::vector<app::Caller> readers;
        std::vector<app::Caller> strangers;
    };
    const std::vector<Case> cases{
        {"order.placed",
         {trade.buyer, trade.licensed_operator, trade.admin, trade.auditor},
         {trade.stranger, trade.arbitrator, trade.provider, app::Caller{}}},
        // The seller has no business with the buyer's bank.
        {"order.paid",
         {trade.buyer, trade.admin, trade.auditor},
         {trade.licensed_operator, trade.stranger, trade.arbitrator, app::Caller{}}},
        {"dispute.filed",
         {trade.buyer, trade.licensed_operator, trade.arbitrator, trade.admin, trade.auditor},
         {trade.stranger, trade.provider, app::Caller{}}},
    };
    const auto key = ledger::NoteVerifier::parse(trade.market.vkey()).value();
    for (const Case& one : cases) {
        INFO(one.kind);
        const Digest commitment = commitment_of(trade, one.kind);
        for (const auto& reader : one.readers) CHECK(reads(reader, commitment) == "none");
        for (const auto& stranger : one.strangers) {
            CHECK(reads(stranger, commitment) == "private_part.not_found");
        }
        const app::FoundPart found = parts.find(trade.buyer, commitment);
        const ledger::Disclosure disclosure{found.part.log_index, found.opened->salt,
                                            found.opened->texts};
        const auto receipt =
            ledger::verify_receipt(ledger.receipt(found.part.log_index).proof, key);
        REQUIRE(receipt.ok());
        CHECK_FALSE(ledger::check_disclosure(disclosure, receipt).has_value());
    }
    CHECK(reads(trade.admin, sha256("nothing")) == "private_part.not_found");
}

TEST_CASE("private part: the database holds no word of it, before and after it is erased",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    const std::string words = "个人联系电话一三八一二三四五六七八";
    const app::WriteRequest write{trade.buyer, app::IdempotencyKey{"place-1", sha256(words)}};
    const auto outcome = trade.orders.place(write, {trade.listing, words});
    CHECK(outcome.answer.find(words) == std::string::npos);
    const Digest commitment = commitment_of(trade.last_entry());
    const OrderId order =
        OrderId::parse(trade.last_entry().at("entity").at("id").get<std::string>()).value();
    const std::string reference = "SIM-" + std::to_string(trade.price) + "-" + "shortreference";
    trade.orders.pay({trade.buyer, app::IdempotencyKey{"pay-1", sha256("pay")}}, order, reference);
    trade.orders.cancel(Market::write(trade.buyer), order);
    REQUIRE(trade.order(order).state == domain::OrderState::kRefunded);

    const auto sealed = stored(trade, commitment).sealed.value();
    const Bytes salt = parts.find(trade.buyer, commitment).opened.value().salt;
    const auto holds = [&](ByteView bytes) {
        return trade.market.stored_bytes().find(as_text(bytes)) != std::string::npos;
    };
    // The file is the right one: what is not secret is found in it.
    CHECK(holds(commitment.view()));
    CHECK(holds(sealed.wrapped_key));
    CHECK(holds(as_bytes(order.text())));
    for (const ByteView secret : {as_bytes(words), as_bytes("shortreference"), ByteView(salt)}) {
        CHECK_FALSE(holds(secret));
    }
    // Nor a plain digest, against which short words could be tried.
    for (const Digest& digest : {sha256(words), sha256(reference)}) {
        CHECK_FALSE(holds(digest.view()));
        CHECK_FALSE(holds(as_bytes(digest.hex())));
    }

    parts.erase(Market::write(trade.admin), commitment, ErasureReason::kDataSubjectRequest);
    CHECK_FALSE(holds(sealed.wrapped_key));
    CHECK_FALSE(holds(sealed.content));
    CHECK_FALSE(holds(ByteView(sealed.content).subspan(0, 24)));
    CHECK(holds(commitment.view()));
}

TEST_CASE("private part: an erasure leaves an entry, a mark, and no way back",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    const OrderId order = cancelled(trade);
    const Digest commitment = commitment_of(trade, "order.placed");
    const std::uint64_t index = stored(trade, commitment).log_index;
    const app::Outcome outcome =
        parts.erase(Market::write(trade.admin), commitment, ErasureReason::kDataSubjectRequest);
    const json entry = trade.last_entry();
    CHECK(entry.at("kind") == "private_part.erased");
    CHECK(entry.at("entity") == json{{"type", "order"}, {"id", order.text()}});
    CHECK(entry.at("rule") == "demo@1");
    CHECK(entry.at("body") ==
          json{{"commitment", commitment.hex()}, {"reason", "data_subject_request"}});
    const json answer = json::parse(outcome.answer);
    CHECK(answer.at("erased") == true);
    CHECK(answer.at("erasure_reason") == "data_subject_request");
    CHECK(answer.at("erased_at") == entry.at("at"));

    // Made anew each time: a restart takes the context away.
    const auto check_erased = [&] {
        app::PrivatePartService now(trade.market.context());
        const json texts = now.texts_of("order", order.text());
        CHECK(texts.at("purpose").is_null());
        CHECK(texts.at("private_parts").at("purpose") == json{{"commitment", commitment.hex()},
                                                              {"index", index},
                                                              {"erased", true},
                                                              {"unreadable", false}});
        const app::FoundPart found = now.find(trade.buyer, commitment);
        CHECK_FALSE(found.opened.has_value());
        CHECK(found.part.erasure->reason == ErasureReason::kDataSubjectRequest);
        CHECK(code_of([&] {
                  now.erase(Market::write(trade.admin), commitment, ErasureReason::kCourtOrder);
              }) == "private_part.erased");
    };
    check_erased();
    trade.market.restart();
    check_erased();
    app::PrivatePartService restarted(trade.market.context());
    CHECK(code_of([&] {
              restarted.erase(Market::write(trade.admin), sha256("nothing"),
                              ErasureReason::kCourtOrder);
          }) == "private_part.not_found");
    // Put back, by halves or whole, it is destroyed again, and the ledger gets no second erasure.
    const auto db = trade.market.open();
    const auto is_gone = [&] {
        return db->one({"t.gone",
                        "SELECT COUNT(*) FROM private_part WHERE commitment = ? AND sealed_part IS "
                        "NULL AND wrapped_key IS NULL AND erased_at IS NOT NULL"},
                       commitment)
                   ->integer(0) == 1;
    };
    REQUIRE(is_gone());
    db->run({"t.half", "UPDATE private_part SET sealed_part = commitment WHERE commitment = ?"},
            commitment);
    CHECK_FALSE(restarted.find(trade.buyer, commitment).opened.has_value());
    restarted.repeat_erasures();
    CHECK(is_gone());
    db->run({"t.whole",
             "UPDATE private_part SET erased_at = NULL, erasure_reason = NULL, sealed_part = "
             "commitment, wrapped_key = commitment WHERE commitment = ?"},
            commitment);
    const std::uint64_t size = trade.log_size();
    CHECK(code_of([&] {
              restarted.erase(Market::write(trade.admin), commitment, ErasureReason::kCourtOrder);
          }) == "private_part.erased");
    CHECK(trade.log_size() == size);
    restarted.repeat_erasures();
    CHECK(is_gone());
    check_erased();
}

TEST_CASE("private part: one that cannot be opened does not take the others with it",
          "[app][private_part]") {
    Trade trade;
    const OrderId order = trade.delivered();
    trade.orders.reject(Market::write(trade.buyer), order, "缺少字段");
    app::PrivatePartService parts(trade.market.context());
    for (const char* change : {"sealed_part = commitment", "wrapped_key = commitment",
                               "sealed_part = NULL", "sealed_part = NULL, wrapped_key = NULL"}) {
        INFO(change);
        trade.market.open()->run({"t.damage", "UPDATE private_part SET " + std::string(change) +
                                                  " WHERE kind = 'order.placed'"});
        const json texts = parts.texts_of("order", order.text());
        CHECK(texts.at("purpose").is_null());
        CHECK(texts.at("private_parts").at("purpose").at("unreadable") == true);
        CHECK(texts.at("private_parts").at("purpose").at("erased") == false);
        CHECK(texts.at("rejection") == "缺少字段");
    }
}

TEST_CASE("private part: a repeated erasure gives the same answer and one entry",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    cancelled(trade);
    const Digest commitment = commitment_of(trade, "order.placed");
    const app::WriteRequest write{trade.admin, app::IdempotencyKey{"e-1", sha256("e")}};
    const auto first = parts.erase(write, commitment, ErasureReason::kCourtOrder);
    const auto again = parts.erase(write, commitment, ErasureReason::kCourtOrder);
    CHECK(again.replayed);
    CHECK(again.answer == first.answer);
    CHECK(again.receipt.index == first.receipt.index);
}

TEST_CASE("private part: what the law or a dispute still needs is not erased",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    const auto erase = [&](const Digest& commitment, ErasureReason reason) {
        return code_of([&] { parts.erase(Market::write(trade.admin), commitment, reason); });
    };
    const OrderId order = trade.delivered();
    const Digest purpose = commitment_of(trade, "order.placed");
    const Digest reference = commitment_of(trade, "order.paid");
    for (const auto& reason : domain::names_of(ErasureReason{})) {
        CHECK(erase(purpose, reason.value) == "private_part.order_open");
    }
    const DisputeId dispute = trade.dispute(order, trade.price);
    const Digest statement = commitment_of(trade, "dispute.filed");
    const std::uint64_t entries = trade.log_size();
    for (const Digest& one : {purpose, statement, reference}) {
        CHECK(erase(one, ErasureReason::kCourtOrder) == "private_part.dispute_open");
    }
    CHECK(trade.log_size() == entries);
    CHECK(parts.find(trade.buyer, statement).opened.has_value());
    trade.resolve(dispute, trade.price);
    REQUIRE(trade.order(order).state == domain::OrderState::kRefunded);
    CHECK(erase(statement, ErasureReason::kDataSubjectRequest) == "none");
    CHECK(erase(purpose, ErasureReason::kDataSubjectRequest) == "none");
    CHECK(erase(reference, ErasureReason::kDataSubjectRequest) == "private_part.retention");
    CHECK(erase(reference, ErasureReason::kRetentionEnded) == "private_part.retention");
    trade.market.clock().set(Date{2036, 3, 3}.begin());
    CHECK(erase(reference, ErasureReason::kRetentionEnded) == "none");
    // What was used once stays used, though nobody can read it any more.
    const auto is_used = [&](const std::string& named) {
        return store::is_reference_used(*trade.market.open(),
                                        trade.market.context().vault.reference_key(named));
    };
    const std::string name = "SIM-" + std::to_string(trade.price) + "-" + order.text().substr(24);
    CHECK(is_used(name));
    CHECK_FALSE(is_used(name + "x"));
}

TEST_CASE("private part: the reasons of a decision are its record, and only a court takes them out",
          "[app][private_part]") {
    Trade trade;
    app::PrivatePartService parts(trade.market.context());
    trade.products.review(Market::write(trade.admin), trade.submitted(trade.contract),
                          app::ReviewDecision::kApprove, "符合要求");
    const Digest product = commitment_of(trade.last_entry());
    trade.supervise(domain::ContractEvent::kSuspend);
    const Digest contract = commitment_of(trade.last_entry());
    const ApplicationId refused = trade.checked(trade.resource());
    trade.applications.refuse(Market::write(trade.authority), refused, "目的不明确");
    const Digest application = commitment_of(trade.last_entry());
    const auto reads = [&](const app::Caller& caller, const Digest& commitment) {
        return code_of([&] { parts.find(caller, commitment); }) == "none";
    };
    struct Case {
        Digest commitment;
        std::vector<app::Caller> readers;
        std::vector<app::Caller> strangers;
    };
    const std::vector<Case> cases{
        {contract,
         {trade.licensed_operator, trade.provider, trade.authority, trade.auditor},
         {trade.buyer, trade.arbitrator, app::Caller{}}},
        {application,
         {trade.licensed_operator, trade.provider, trade.authority, trade.auditor},
         {trade.buyer, trade.arbitrator, app::Caller{}}},
        // What is registered is public, with what the review said.
        {product, {trade.licensed_operator, trade.buyer, trade.admin, app::Caller{}}, {}},
    };
    for (const Case& one : cases) {
        for (const auto& reader : one.readers) CHECK(reads(reader, one.commitment));
        for (const auto& stranger : one.strangers) CHECK_FALSE(reads(stranger, one.commitment));
        const auto erase = [&](ErasureReason reason) {
            return code_of(
                [&] { parts.erase(Market::write(trade.admin), one.commitment, reason); });
        };
        CHECK(erase(ErasureReason::kDataSubjectRequest) == "private_part.official_record");
        CHECK(erase(ErasureReason::kRetentionEnded) == "private_part.official_record");
        CHECK(erase(ErasureReason::kCourtOrder) == "none");
        CHECK_FALSE(parts.find(trade.auditor, one.commitment).opened.has_value());
    }
    CHECK(parts.texts_of("application", refused.text()).at("decision_reason").is_null());
}
