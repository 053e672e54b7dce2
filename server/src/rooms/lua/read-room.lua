--[[ A room as it is. Returns { fields }, or {} where there is none. ]]
if not read_room() then return {} end
return shown()
