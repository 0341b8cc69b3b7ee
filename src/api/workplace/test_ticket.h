#pragma once

#include <string>

namespace sallyport::api::workplace {

// One as the host gives them: 32 bytes in base64url.
inline const std::string kTicket = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

}  // namespace sallyport::api::workplace
