#include "wire/json_value.h"

#include <algorithm>
#include <utility>

namespace sallyport::wire {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Length of the code point at the start of `text`, 0 where its bytes are none.
std::size_t code_point_bytes(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  unsigned low = 0x80;   // bounds of the second byte: they rule out overlong forms, surrogates and
  unsigned high = 0xBF;  // everything past U+10FFFF
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  }
  if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  return length;
}

void append_string(std::string_view text, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.push_back('"');
  while (!text.empty()) {
    const std::size_t length = code_point_bytes(text);
    const char c = text.front();
    if (length == 0) {
      out.append(kReplacement);
    } else if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(c);
    } else if (const auto code = static_cast<unsigned char>(c); code < 0x20 || code == 0x7F) {
      out.append("\\u00");
      out.push_back(kDigits[code >> 4]);
      out.push_back(kDigits[code & 0x0F]);
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  out.push_back('"');
}

class Writer {
 public:
  explicit Writer(bool canonical) : canonical_(canonical) {}

  void write(const Json& json) { std::visit(*this, json.value()); }
  std::string take() && { return std::move(out_); }

  void operator()(std::nullptr_t) { out_.append("null"); }
  void operator()(bool value) { out_.append(value ? "true" : "false"); }
  void operator()(const JsonNumber& number) { out_.append(number.literal); }
  void operator()(const std::string& text) { append_string(text, out_); }

  void operator()(const JsonArray& array) {
    out_.push_back('[');
    bool first = true;
    for (const Json& element : array) {
      if (!std::exchange(first, false)) out_.push_back(',');
      write(element);
    }
    out_.push_back(']');
  }

  void operator()(const JsonObject& object) {
    std::vector<const JsonMember*> members;
    members.reserve(object.size());
    for (const JsonMember& member : object) {
      if (!canonical_ || !member.value.is_null()) members.push_back(&member);
    }
    if (canonical_) std::ranges::sort(members, {}, &JsonMember::name);
    out_.push_back('{');
    bool first = true;
    for (const JsonMember* member : members) {
      if (!std::exchange(first, false)) out_.push_back(',');
      append_string(member->name, out_);
      out_.push_back(':');
      write(member->value);
    }
    out_.push_back('}');
  }

 private:
  bool canonical_;
  std::string out_;
};

std::string written(const Json& json, bool canonical) {
  Writer writer(canonical);
  writer.write(json);
  return std::move(writer).take();
}

}  // namespace

std::string to_text(const Json& json) { return written(json, false); }
std::string to_canonical_text(const Json& json) { return written(json, true); }

std::optional<std::size_t> utf8_length(std::string_view text) {
  std::size_t points = 0;
  for (; !text.empty(); ++points) {
    const std::size_t length = code_point_bytes(text);
    if (length == 0) return std::nullopt;
    text.remove_prefix(length);
  }
  return points;
}

std::size_t utf8_prefix(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size()) {
    const std::size_t length = code_point_bytes(text.substr(end));
    if (length == 0) break;
    end += length;
  }
  return end;
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = code_point_bytes(text);
    out.append(length == 0 ? kReplacement : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string shortened(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return valid_utf8(text);
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
    --end;
  return valid_utf8(text.substr(0, end)) + "\xE2\x80\xA6";
}

}  // namespace sallyport::wire
