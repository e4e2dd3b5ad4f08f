#include "base/error.h"

#include <utility>

namespace pdx {

Error::Error(ErrorKind kind, std::string code, Text text, ErrorDetail detail, std::string context)
    : kind_(kind),
      code_(std::move(code)),
      text_(std::move(text)),
      detail_(std::move(detail)),
      context_(std::move(context)),
      what_(code_ + ": " + text_.en) {}

Error malformed(std::string code, Text text, ErrorDetail detail) {
    return {ErrorKind::kMalformed, std::move(code), std::move(text), std::move(detail)};
}
Error unauthenticated(std::string code, Text text) {
    return {ErrorKind::kUnauthenticated, std::move(code), std::move(text)};
}
Error forbidden(std::string code, Text text, ErrorDetail detail) {
    return {ErrorKind::kForbidden, std::move(code), std::move(text), std::move(detail)};
}
Error not_found(std::string_view noun) {
    const std::string name(noun);
    return {ErrorKind::kNotFound,
            name + ".not_found",
            {"There is no such " + name + ", or it is not visible to you.",
             "没有这条记录（" + name + "），或者您无权查看。"}};
}
Error conflict(std::string code, Text text, ErrorDetail detail) {
    return {ErrorKind::kConflict, std::move(code), std::move(text), std::move(detail)};
}
Error stale(std::string_view noun) {
    const std::string name(noun);
    return {ErrorKind::kStale,
            name + ".stale",
            {"The " + name + " has changed since you read it. Read it again, then repeat the edit.",
             "该记录（" + name + "）在您读取之后已被修改，请重新读取后再提交。"}};
}
Error too_large(std::string code, Text text, ErrorDetail detail) {
    return {ErrorKind::kTooLarge, std::move(code), std::move(text), std::move(detail)};
}
Error unsupported(std::string code, Text text, ErrorDetail detail) {
    return {ErrorKind::kUnsupported, std::move(code), std::move(text), std::move(detail)};
}
Error invalid(std::string code, Text text, ErrorDetail detail) {
    return {ErrorKind::kInvalid, std::move(code), std::move(text), std::move(detail)};
}
Error precondition_required(std::string_view noun) {
    const std::string name(noun);
    return {ErrorKind::kPreconditionRequired,
            name + ".precondition_required",
            {"Send If-Match with the ETag of the " + name + " that you read.",
             "请在 If-Match 中给出您读取到的版本（ETag）。"}};
}
Error busy(std::string code, Text text, std::string context) {
    return {ErrorKind::kBusy, std::move(code), std::move(text), {}, std::move(context)};
}

}  // namespace pdx
