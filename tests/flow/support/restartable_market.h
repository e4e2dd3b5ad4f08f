#pragma once
/// An exchange with a small market on it that can be started again on its data.
#include <memory>
#include <string>

#include "marketplace/cli/exchange.h"
#include "tests/flow/support/replay_check.h"
#include "tests/support/small_market.h"
#include "tests/support/temp_folder.h"

namespace pdx::test {

struct RestartableMarket {
    TempFolder folder{"pdx-restarted"};
    cli::Settings settings;
    std::unique_ptr<cli::Exchange> exchange;
    std::unique_ptr<SmallMarket> market;
    std::string listing;

    RestartableMarket() {
        settings.data = folder.path() / "data";
        settings.port = 0;
        settings.rules = "demo";
        exchange = std::make_unique<cli::Exchange>(settings);
        market = std::make_unique<SmallMarket>(exchange->port(), exchange->first_token().value(),
                                               settings.origin);
        market->register_cast();
        listing = market->open_for_orders();
    }

    void stop() { exchange.reset(); }
    void restart() {
        stop();
        exchange = std::make_unique<cli::Exchange>(settings);
        market->connect(exchange->port());
    }

    std::string database() const { return "sqlite:" + (settings.data / "pdx.sqlite").string(); }
    void check_replay() const { test::check_replay(database()); }
};

}  // namespace pdx::test
