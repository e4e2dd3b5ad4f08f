#include "tests/app/support/reversible.h"

#include <sstream>
#include <utility>

namespace pdx::test {

std::vector<std::string> delivered_tokens(const std::string& csv) {
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    std::vector<std::string> tokens;
    while (std::getline(lines, line)) {
        const std::size_t begin = line.find(',') + 1;
        tokens.push_back(line.substr(begin, line.find(',', begin) - begin));
    }
    return tokens;
}

Reversible::Reversible() : reversals(market.context()) {
    id_operation = "token";
    put_on_sale();
    tokens = delivered_tokens(download(deliver(paid())));
}

app::RequestTokenReversal Reversible::input(std::vector<std::string> of) const {
    return {contract, "legal_rep_id_no", domain::ReversalGround::kSafetyOfAPerson,
            std::string(kReason), std::move(of)};
}

TokenReversalId Reversible::request(std::vector<std::string> of) {
    return id_in(reversals.request(Market::write(licensed_operator), input(std::move(of))));
}

TokenReversalId Reversible::approved(std::vector<std::string> of) {
    TokenReversalId id = request(std::move(of));
    reversals.approve(Market::write(authority), id);
    reversals.approve(Market::write(provider), id);
    return id;
}

app::DisclosedNumbers Reversible::disclosed(std::vector<std::string> of) {
    return reversals.disclose(Market::write(provider), approved(std::move(of))).numbers.value();
}

domain::ReversalState Reversible::state(const TokenReversalId& id) {
    return reversals.find(admin, id).state;
}

app::Comparison Reversible::compared() {
    return Trade::compared(*market.open(), {"contract", "token_reversal"});
}

TokenReversalId Reversible::id_in(const app::Outcome& outcome) {
    return TokenReversalId::parse(answer_of(outcome).at("token_reversal_id").get<std::string>())
        .value();
}

}  // namespace pdx::test
