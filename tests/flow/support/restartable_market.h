#pragma once
/// An exchange with a small market on it that can be started again on its data.
#include <memory>
#include <string>

#include "marketplace/cli/exchange.h"
#include "marketplace/cli/open_database.h"
#include "tests/flow/support/replay_check.h"
#include "tests/support/quiet_settings.h"
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
        settings = quiet_settings(folder.path() / "data");
        settings.quiet_log = false;
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

    std::string database() const { return cli::database_url(settings.data, settings.database); }
    void check_replay() const { test::check_replay(database()); }
};

}  // namespace pdx::test
