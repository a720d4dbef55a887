-- Removes the request headers that BIG-IQ doesn't need. mod_headers can only remove headers by name.
-- Copy this file to /etc/curfew/headers.lua.

-- mod_qos reads X-Curfew-Client again after the answer, so it stays. mod_proxy drops it, because Connection names it.
local ALLOWED = {
  ["accept"] = true,
  ["connection"] = true,
  ["content-length"] = true,
  ["content-type"] = true,
  ["host"] = true,
  ["x-curfew-client"] = true,
  ["x-f5-auth-token"] = true,
}

function remove_others(r)
  for name in pairs(r:headers_in_table()) do
    if not ALLOWED[name:lower()] then r.headers_in[name] = nil end
  end
  -- The browser could name the token here, and mod_proxy would drop it.
  local closes = (r.headers_in["Connection"] or ""):lower():find("close", 1, true)
  r.headers_in["Connection"] = closes and "close, X-Curfew-Client" or "X-Curfew-Client"
  return apache2.DECLINED
end
