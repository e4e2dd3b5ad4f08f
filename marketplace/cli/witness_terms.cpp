#include "marketplace/cli/witness_terms.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "base/check.h"
#include "base/error.h"
#include "marketplace/cli/policy_file.h"
#include "marketplace/http/client_session.h"
#include "marketplace/http/witness_transport.h"

namespace pdx::cli {

std::optional<app::WitnessTerms> load_witness_terms(const Settings& settings,
                                                    std::vector<ledger::NoteVerifier> log_keys) {
    if (settings.policy.empty()) return std::nullopt;
    PDX_CHECK(!log_keys.empty());
    const std::string newest = log_keys.back().vkey();
    app::WitnessTerms terms{load_policy(settings.policy), std::move(log_keys),
                            settings.publish_unwitnessed};
    const auto& logs = terms.policy.logs;
    const auto is_ours = [&](const ledger::PolicyLog& log) {
        return std::any_of(
            terms.log_keys.begin(), terms.log_keys.end(),
            [&](const ledger::NoteVerifier& key) { return key.vkey() == log.key.vkey(); });
    };
    // A policy without logs takes the log from elsewhere: here, the one that is served.
    if (!logs.empty() && std::none_of(logs.begin(), logs.end(), is_ours)) {
        throw invalid("policy.other_log",
                      {"The policy names other ledgers and not this one: " + newest,
                       "策略文件未包含本账本：" + newest},
                      {.pointer = settings.policy.string()});
    }
    for (const ledger::PolicyWitness& witness : terms.policy.witnesses) {
        if (witness.url.empty() || http::ServerUrl::parse(witness.url)) continue;
        throw invalid("policy.witness_url",
                      {"Witness " + witness.name +
                           " needs an address of the form https://HOST[:PORT][/PATH].",
                       "见证方 " + witness.name + " 的地址应为 https://主机[:端口][/路径]。"},
                      {.pointer = settings.policy.string()});
    }
    return terms;
}

app::WriterOptions labelled(app::WriterOptions options,
                            const std::optional<app::WitnessTerms>& terms) {
    if (terms) options.batch.unwitnessed = terms->unwitnessed();
    return options;
}

std::vector<ledger::WitnessView> fetch_witness_views(const app::WitnessTerms& terms,
                                                     const std::string& newest) {
    http::HttpWitnessTransport transport;
    std::vector<const ledger::PolicyWitness*> asked;
    for (const ledger::PolicyWitness& witness : terms.policy.witnesses) {
        if (!witness.url.empty()) asked.push_back(&witness);
    }
    std::vector<ledger::WitnessView> views(asked.size());
    std::atomic<std::size_t> left{asked.size()};
    std::vector<std::thread> threads;
    threads.reserve(asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
        threads.emplace_back([&, i] {
            views[i] = ledger::view_witness(*asked[i], terms.log_keys, newest, transport);
            --left;
        });
    }
    // A witness that drips is given up here, not waited for.
    while (left > 0) {
        transport.expire();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    for (std::thread& thread : threads) thread.join();
    return views;
}

std::vector<ledger::SeenHead> seen_heads(const std::vector<ledger::WitnessView>& views) {
    std::vector<ledger::SeenHead> heads;
    for (const ledger::WitnessView& view : views) {
        if (view.how == ledger::WitnessView::How::kSigned) {
            heads.push_back(
                {{"witness " + view.witness, "见证方 " + view.witness}, view.size, view.root});
        } else if (view.how == ledger::WitnessView::How::kClaimed) {
            heads.push_back({{"witness " + view.witness + ", by its word alone",
                              "见证方 " + view.witness + "（仅凭其陈述）"},
                             view.size,
                             std::nullopt});
        }
    }
    return heads;
}

}  // namespace pdx::cli
