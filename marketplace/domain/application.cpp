#include "marketplace/domain/application.h"

#include <algorithm>

namespace pdx::domain {

static_assert(is_well_formed(machine_of(ApplicationState{})));
static_assert(names_are_well_formed(names_of(FieldDecision{})));

namespace {

[[noreturn]] void refuse_ruling(const std::string& field, Text text) {
    ErrorDetail detail;
    detail.pointer = field;
    throw invalid("application.rulings", std::move(text), std::move(detail));
}

}  // namespace

void check_rulings(std::span<const std::string> requested, std::span<const FieldRuling> rulings) {
    for (const std::string& field : requested) {
        const auto count = std::count_if(rulings.begin(), rulings.end(),
                                         [&](const FieldRuling& r) { return r.field == field; });
        if (count == 0) {
            refuse_ruling(field, {"Field '" + field + "' has no decision; silence grants nothing.",
                                  "字段“" + field + "”尚无决定；沉默不视为同意。"});
        }
        if (count > 1) {
            refuse_ruling(field, {"Field '" + field + "' is decided more than once.",
                                  "字段“" + field + "”被重复决定。"});
        }
    }
    for (const FieldRuling& ruling : rulings) {
        if (std::find(requested.begin(), requested.end(), ruling.field) == requested.end()) {
            refuse_ruling(ruling.field, {"Field '" + ruling.field + "' was not asked for.",
                                         "字段“" + ruling.field + "”未被申请。"});
        }
        if (ruling.decision == FieldDecision::kRefuse && ruling.reason.empty()) {
            refuse_ruling(ruling.field,
                          {"The refusal of field '" + ruling.field + "' needs a reason.",
                           "不同意提供字段“" + ruling.field + "”须说明理由。"});
        }
        if (ruling.decision == FieldDecision::kGrantWithTreatment && ruling.treatment.empty()) {
            refuse_ruling(ruling.field, {"Say which treatment field '" + ruling.field + "' needs.",
                                         "请注明字段“" + ruling.field + "”的处理方式。"});
        }
    }
}

std::vector<std::string> granted_fields(std::span<const FieldRuling> rulings) {
    std::vector<std::string> fields;
    for (const FieldRuling& ruling : rulings) {
        if (ruling.decision != FieldDecision::kRefuse) fields.push_back(ruling.field);
    }
    return fields;
}

void check_grantable(std::span<const FieldRuling> rulings) {
    if (!granted_fields(rulings).empty()) return;
    throw conflict("application.nothing_granted",
                   {"The source department refused every field, so there is nothing to grant.",
                    "数源部门未同意任何字段，无可授权内容。"});
}

}  // namespace pdx::domain
