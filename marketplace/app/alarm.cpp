#include "marketplace/app/alarm.h"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "base/time.h"

namespace pdx::app {

void raise_alarm(std::string_view code, std::string_view context) noexcept {
    try {
        const nlohmann::json line{{"ts", SystemClock{}.now().rfc3339()},
                                  {"level", "alarm"},
                                  {"code", code},
                                  {"context", context}};
        const std::string text =
            line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
        std::fwrite(text.data(), 1, text.size(), stderr);
    } catch (...) {
        std::fputs("{\"level\":\"alarm\",\"code\":\"alarm.failed\"}\n", stderr);
    }
}

}  // namespace pdx::app
