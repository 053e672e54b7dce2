import { IsIn, IsInt, IsString, Length, Matches, Max, Min, ValidateIf } from "class-validator";
import { DESK_DECISIONS, DESK_LIMITS, DESK_REASONS } from "../desk.ts";
import type { DeskDecision, DeskReason } from "../desk.ts";
import { IsNanoid, ORDINAL_MAX } from "./rules.ts";

const IsCode = (): PropertyDecorator => Matches(/^\d{6}$/, { message: "must be six digits" });
/** Whether it fits is told by nothing but whether it is right. */
const IsGiven = (): PropertyDecorator => Length(1, DESK_LIMITS.passwordMaxChars);

export class SignInAtDesk {
  @IsString() @Length(1, 64) name!: string;
  @IsString() @IsGiven() password!: string;
  @IsCode() code!: string;
}

export class DecideCase {
  @IsNanoid() id!: string;
  @IsIn(DESK_DECISIONS) decision!: DeskDecision;
  @IsIn(DESK_REASONS) reason!: DeskReason;
}

export class ReadDeskLog {
  @ValidateIf((_object: unknown, value: unknown) => value !== undefined)
  @IsInt()
  @Min(0)
  @Max(ORDINAL_MAX)
  before?: number;
}

export class ChangePassword {
  @IsString() @IsGiven() password!: string;
  @IsCode() code!: string;
  @IsString()
  @Length(DESK_LIMITS.passwordMinChars, DESK_LIMITS.passwordMaxChars)
  next!: string;
}

export class ChangeSecret {
  @IsString() @IsGiven() password!: string;
  @IsCode() code!: string;
  @Matches(/^[A-Z2-7]{32}$/, { message: "must be 32 characters of base32" }) secret!: string;
  @IsCode() next!: string;
}
