#include "marketplace/domain/machine.h"

namespace pdx::domain {

void refuse_transition(Noun noun, Label state, Label event, const std::vector<Label>& allowed) {
    const std::string name(noun.name);
    ErrorDetail detail;
    detail.state = state.name;
    Text text;
    text.en = "The " + name + " is in state '" + std::string(state.name) + "' and cannot take '" +
              std::string(event.name) + "'. ";
    text.zh = std::string(noun.zh) + "目前处于“" + std::string(state.zh) + "”状态，不能执行“" +
              std::string(event.zh) + "”。";
    std::string list_en;
    std::string list_zh;
    for (const Label& one : allowed) {
        detail.allowed.emplace_back(one.name);
        list_en += (list_en.empty() ? "" : ", ") + std::string(one.name);
        list_zh += (list_zh.empty() ? "" : "、") + std::string(one.zh);
    }
    if (allowed.empty()) {
        text.en += "This state is final.";
        text.zh += "该状态为最终状态。";
    } else {
        text.en += "It would take: " + list_en + ".";
        text.zh += "当前可执行：" + list_zh + "。";
    }
    throw conflict(name + ".transition", std::move(text), std::move(detail));
}

}  // namespace pdx::domain
